// A Vitest reporter: the processor time that each test file had the browser spend, in milliseconds by file, for exhibit-time.mjs.
// Written to $TILESCOPE_GPU_TIMES.

import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { browserTimes } from './process-time.mjs';

export default class GpuTimeReporter {
  #times = {};
  #before = new Map();

  onTestModuleStart() {
    this.#before = browserTimes();
  }

  onTestModuleEnd({ moduleId }) {
    let spent = 0;
    for (const [id, time] of browserTimes()) spent += time - (this.#before.get(id) ?? 0);
    this.#times[relative(process.cwd(), moduleId)] = Math.round(spent);
  }

  onTestRunEnd() {
    const path = process.env.TILESCOPE_GPU_TIMES;
    if (path) writeFileSync(path, JSON.stringify(this.#times, undefined, 1));
  }
}
