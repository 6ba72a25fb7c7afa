import { holds } from '../../define/testing/holds.ts';
import { rowMean } from './row-mean.ts';

holds(rowMean, { tiles: { width: 64 } });
