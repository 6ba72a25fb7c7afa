// Processor time of a browser's GPU process and pages, from Linux's /proc. A software adapter computes in the former, and unlike the wall
// clock this does not grow when other programs want the processor, too.

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

/** Milliseconds that a process has computed, all its threads together; 0 once it is gone. */
function computed(id) {
  try {
    return readdirSync(`/proc/${id}/task`).reduce(
      (sum, task) => sum + Number(read(`/proc/${id}/task/${task}/schedstat`).split(' ')[0] || 0) / 1e6,
      0,
    );
  } catch {
    return 0;
  }
}

/** Processes of one type below this one. */
const browserProcesses = (type) =>
  [...familyOf(process.pid)].filter((id) => read(`/proc/${id}/cmdline`).includes(`--type=${type}`));

/** @returns {(() => number) | undefined} milliseconds that the GPU process below this one has computed; undefined where not known */
export function gpuProcessClock() {
  if (process.platform !== 'linux') return undefined;
  const [gpu] = browserProcesses('gpu-process');
  if (gpu === undefined) return undefined;
  const clock = () => computed(gpu);
  return clock() > 0 ? clock : undefined;
}

/** @returns {Map<number, number>} milliseconds that each GPU process and page below this process has computed; empty where not known */
export function browserTimes() {
  if (process.platform !== 'linux') return new Map();
  const ids = [...browserProcesses('gpu-process'), ...browserProcesses('renderer')];
  return new Map(ids.map((id) => [id, computed(id)]));
}
