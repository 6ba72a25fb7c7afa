import { holds } from '../../define/testing/holds.ts';
import { mambaBlock } from './mamba-block.ts';

holds(mambaBlock, {
  tiles: { seqlen: 32, dim: 4 },
  only: { dstate: [3, 8], width: [1, 4], channels: [4], time: [8], task: ['none'] },
});
