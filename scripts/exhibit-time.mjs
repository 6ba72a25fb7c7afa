// The law that GPU tests of one exhibit, and of one primitive, take at most twelve seconds on two cores: with forty exhibits the whole
// suite must still be run before every push. Nearly all of that time is compiling, so a folder over its limit compiles too many kernels.
//
// What is compared is processor time of the browser, not the clock on the wall: that grows when other programs want the processor, and
// twelve seconds would be thirty. Processors differ, too, so a second is measured by a yardstick: a file of tests whose kernels never change
// and which every shard runs first. A folder's time is the yardstick's, times what the yardstick takes on the machine that the limits are
// of. Both grow alike beside a busy neighbour.

export const YARDSTICK = 'gpu/testing/yardstick.gpu.test.ts';
/** Processor seconds of the yardstick on the machine that the limits are of: two cores, both busy. */
const YARDSTICK_SECONDS = 2;

/** Twelve seconds on two cores. */
const LIMIT = 24;
/** Limits of what is more than one exhibit's worth: docs/decisions/0016-what-an-exhibit-may-cost.md says why. */
const OWN_LIMITS = { 'mechanisms/attention': 150, 'mechanisms/selective-scan': 60 };
/**
 * Who computes on the other half of a core makes processor time grow by half, and may begin when the yardstick is done. What takes twice
 * its limit is no neighbour's doing.
 */
const MARGIN = 2;

/** `mechanisms/ssd` of a file of gpu/mechanisms/ssd or app/mechanisms/ssd; undefined for a file of neither exhibit nor primitive. */
const folderOf = (file) => /^(?:gpu|app)\/((?:mechanisms|primitives)\/[^/]+)\//.exec(file)?.[1];

/**
 * @param {Record<string, number>[]} shards milliseconds of processor time by test file, of each run
 * @returns {{ folder: string, seconds: number, limit: number }[]} slowest first
 * @throws where a shard has not run the yardstick
 */
export function exhibitTimes(shards) {
  const seconds = new Map();
  for (const times of shards) {
    const yardstick = times[YARDSTICK];
    if (!(yardstick > 0)) throw new Error(`${YARDSTICK} was not measured`);
    for (const [file, ms] of Object.entries(times)) {
      const folder = folderOf(file);
      if (folder) seconds.set(folder, (seconds.get(folder) ?? 0) + (ms / yardstick) * YARDSTICK_SECONDS);
    }
  }
  return [...seconds]
    .map(([folder, taken]) => ({ folder, seconds: taken, limit: OWN_LIMITS[folder] ?? LIMIT }))
    .sort((a, b) => b.seconds - a.seconds);
}

/**
 * The check as counts of a stage, and the table to print.
 *
 * @param {(Record<string, number> | undefined)[]} shards as in exhibitTimes; undefined for one that reported none
 * @param {string} platform where processor times are known, they must be there
 */
export function checkExhibitTimes(shards, platform = process.platform) {
  if (platform !== 'linux')
    return { counts: { passed: 0, failed: 0, notes: ['processor times not known here'] }, table: '' };
  const failure = (notes) => ({ passed: 0, failed: notes.length, notes });
  let times;
  try {
    if (shards.includes(undefined)) throw new Error('a run reported no processor times');
    times = exhibitTimes(shards);
    if (times.length === 0) throw new Error('no exhibit was measured');
  } catch (error) {
    return { counts: failure([error.message]), table: '' };
  }
  const table = times
    .map(
      ({ folder, seconds, limit }) => `${seconds.toFixed(1).padStart(7)} of ${String(limit).padStart(3)} s  ${folder}`,
    )
    .join('\n');
  const slow = times.filter(({ seconds, limit }) => seconds > MARGIN * limit);
  const notes = slow.map(
    ({ folder, seconds, limit }) =>
      `GPU tests of ${folder}: ${seconds.toFixed(1)} s of processor time, limit ${limit} s`,
  );
  return { counts: slow.length > 0 ? failure(notes) : { passed: 1, failed: 0, notes }, table };
}
