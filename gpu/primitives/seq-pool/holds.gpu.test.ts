import { holds } from '../../define/testing/holds.ts';
import { seqPool } from './seq-pool.ts';

holds(seqPool, { tiles: { tokens: 64 } });
