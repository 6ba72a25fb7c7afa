import { holds } from '../../define/testing/holds.ts';
import { rmsnorm } from './rmsnorm.ts';

holds(rmsnorm, { tiles: { rows: 16, width: 64 } });
