import { holds } from '../../define/testing/holds.ts';
import { layernorm } from './layernorm.ts';

holds(layernorm, { tiles: { rows: 16, width: 64 } });
