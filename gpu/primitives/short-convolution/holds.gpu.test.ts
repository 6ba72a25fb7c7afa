import { holds } from '../../define/testing/holds.ts';
import { shortConvolution } from './short-convolution.ts';

holds(shortConvolution, {
  tiles: { channels: 64 },
  only: { width: [2, 4, 8], tokens: [1, 2, 3, 5, 17], position: [0, 1, 2, 9] },
});
