import { holds } from '../../define/testing/holds.ts';
import { addPositions } from './add-positions.ts';

holds(addPositions, { tiles: { width: 64 } });
