import { holds } from '../../define/testing/holds.ts';
import { linear } from './linear.ts';

holds(linear, { tiles: { rows: 16, k: 16, n: 16 } });
