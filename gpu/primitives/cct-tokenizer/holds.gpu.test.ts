import { holds } from '../../define/testing/holds.ts';
import { cctTokenizer } from './cct-tokenizer.ts';

holds(cctTokenizer, {
  only: {
    height: [9, 16, 21],
    width: [11, 16],
    layers: [1, 2, 3],
    inPlanes: [3, 5],
    outChannels: [2, 7],
    kernel: [1, 3, 5],
    stride: [1, 2],
    padding: [0, 1, 2],
    poolKernel: [2, 3],
    poolStride: [1, 2],
    poolPadding: [0, 1],
  },
});
