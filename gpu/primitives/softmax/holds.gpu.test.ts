import { holds } from '../../define/testing/holds.ts';
import { softmax } from './softmax.ts';

holds(softmax, { tiles: { rows: 16, width: 64 } });
