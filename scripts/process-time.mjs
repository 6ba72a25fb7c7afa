// Processor time of a browser's GPU process, from Linux's /proc. A software adapter computes there, and unlike the wall clock this
// does not grow when other programs want the processor, too.

import { readdirSync, readFileSync } from 'node:fs';

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Process ids of `ancestor` and all below it. */
function familyOf(ancestor) {
  const family = new Set([ancestor]);
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      const stat = read(`/proc/${name}/stat`);
      return [Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])];
    });
  for (let grown = true; grown; ) {
    grown = false;
    for (const [child, parent] of parents) {
      if (!family.has(parent) || family.has(child)) continue;
      family.add(child);
      grown = true;
    }
  }
  return family;
}

/** @returns {(() => number) | undefined} milliseconds that the GPU process below this one has computed; undefined where not known */
export function gpuProcessClock() {
  if (process.platform !== 'linux') return undefined;
  const gpu = [...familyOf(process.pid)].find((id) => read(`/proc/${id}/cmdline`).includes('--type=gpu-process'));
  if (gpu === undefined) return undefined;
  const clock = () =>
    readdirSync(`/proc/${gpu}/task`).reduce(
      (sum, task) => sum + Number(read(`/proc/${gpu}/task/${task}/schedstat`).split(' ')[0] || 0) / 1e6,
      0,
    );
  return clock() > 0 ? clock : undefined;
}
