import { holds } from '../../define/testing/holds.ts';
import { maxPool } from './max-pool.ts';

holds(maxPool, {
  only: { height: [3, 5, 9], width: [3, 8, 13], kernel: [1, 2, 3], padding: [0, 1], stride: [1, 2, 3] },
});
