import { holds } from '../../define/testing/holds.ts';
import { cctHead } from './cct-head.ts';

holds(cctHead, { only: { tokens: [1, 5, 65], width: [4, 7, 64], classes: [2, 5] } });
