import { holds } from '../../define/testing/holds.ts';
import { conv2d } from './conv2d.ts';

holds(conv2d, {
  tiles: { outPlanes: 4 },
  only: {
    height: [5, 9, 13],
    width: [5, 8],
    kernel: [1, 2, 3, 5],
    padding: [0, 1, 2],
    stride: [1, 2, 3],
    planes: [1, 3],
  },
});
