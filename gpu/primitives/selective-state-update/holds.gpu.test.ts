import { holds } from '../../define/testing/holds.ts';
import { selectiveStateUpdate } from './selective-state-update.ts';

holds(selectiveStateUpdate, { tiles: { dim: 32 }, only: { dstate: [3, 8] } });
