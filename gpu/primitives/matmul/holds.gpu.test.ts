import { holds } from '../../define/testing/holds.ts';
import { matmul } from './matmul.ts';

holds(matmul, { tiles: { m: 64, k: 16, n: 16 }, only: { form: ['gpu', 'software', 'software-quad'] } });
