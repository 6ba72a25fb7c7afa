import { holds } from '../../define/testing/holds.ts';
import { prefixScan } from './prefix-scan.ts';

holds(prefixScan, { tiles: { length: 8, channels: 32 } });
