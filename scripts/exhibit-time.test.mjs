import { describe, expect, it } from 'vitest';
import { checkExhibitTimes, exhibitTimes, YARDSTICK } from './exhibit-time.mjs';

const SSD = 'gpu/mechanisms/ssd/holds.gpu.test.ts';
/** A run of two shards on a machine where the yardstick takes so many milliseconds; `over` replaces files. */
const shards = (yardstick = 2000, over = {}) => [
  { [YARDSTICK]: yardstick, [SSD]: 5000, 'gpu/runtime/engine.gpu.test.ts': 90_000, ...over },
  {
    [YARDSTICK]: yardstick,
    'app/mechanisms/ssd/decay.gpu.test.ts': 4000,
    'gpu/primitives/softmax/softmax.gpu.test.ts': 1000,
  },
];
const counts = (...of) => checkExhibitTimes(...of).counts;

describe('GPU tests of one exhibit', () => {
  it('are those of its two folders in all shards; what is neither exhibit nor primitive has no limit', () => {
    expect(exhibitTimes(shards())).toEqual([
      { folder: 'mechanisms/ssd', seconds: 9, limit: 24 },
      { folder: 'primitives/softmax', seconds: 1, limit: 24 },
    ]);
    expect(counts(shards(), 'linux')).toEqual({ passed: 1, failed: 0, notes: [] });
  });

  it('fail by name where they take three times their limit; a busy core is no reason', () => {
    expect(counts(shards(2000, { [SSD]: 3 * 24_000 - 4000 }), 'linux')).toEqual({
      passed: 0,
      failed: 1,
      notes: ['GPU tests of mechanisms/ssd: 72.0 s of processor time, limit 24 s'],
    });
    expect(counts(shards(2000, { [SSD]: 1.5 * 24_000 - 4000 }), 'linux').failed).toBe(0);
  });

  it('may take longer on a slower machine, and must take less on a faster one', () => {
    expect(counts(shards(6000, { [SSD]: 3 * 24_000 - 4000 }), 'linux').failed).toBe(0);
    expect(counts(shards(250), 'linux').failed).toBe(1);
  });

  it('fail where nothing was measured, though measuring is possible', () => {
    expect(counts([undefined, {}], 'linux').notes).toEqual(['a run reported no processor times']);
    expect(counts([{ [SSD]: 5000 }], 'linux').notes).toEqual([`${YARDSTICK} was not measured`]);
    expect(counts([{ [YARDSTICK]: 2000 }], 'linux').notes).toEqual(['no exhibit was measured']);
    expect(counts([undefined], 'darwin')).toMatchObject({ failed: 0, notes: ['processor times not known here'] });
  });
});
