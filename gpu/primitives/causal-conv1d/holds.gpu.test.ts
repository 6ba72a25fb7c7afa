import { holds } from '../../define/testing/holds.ts';
import { causalConv1d } from './causal-conv1d.ts';

holds(causalConv1d, { tiles: { seqlen: 64, dim: 64 }, only: { width: [1, 2, 4], stateLen: [3, 7] } });
