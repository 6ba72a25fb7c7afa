// How large a recording gets: the trace of `standard` at 1024 × 1024 stays within 16 MB a head, without a log.

import { expect, test } from 'vitest';
import { openEngine } from '../../runtime/engine.ts';

const MOST_BYTES = 16_000_000;
const SCORES = 1024 * 1024;

test('standard at 1024 × 1024: the trace takes at most 16 MB, and holds steps, probes and every touch', async () => {
  const engine = await openEngine();
  const config = { nq: 1024, nk: 1024, headDim: 32, batch: 1, heads: 1, kvHeads: 1 };
  const { trace } = await engine.run({ mechanism: 'attention', variant: 'standard', config }, { trace: true });
  engine.dispose();
  if (!trace) throw new Error('the run was not recorded');
  expect(trace).toMatchObject({ matchesPlain: true, truncated: false });
  // The columns are all that crosses to the page and is kept; they share no memory. Touch maps are widened when somebody looks.
  const columns = Object.values(trace.columns);
  const buffers = new Set(columns.map(({ buffer }) => buffer));
  expect(buffers.size).toBe(columns.length);
  const bytes = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
  console.info(`standard, 1024 × 1024: ${(bytes / 1e6).toFixed(2)} MB in ${trace.steps.length} steps`);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  // The size is not that of something left out.
  expect(trace.steps.length).toBeGreaterThan(1024);
  expect(trace.probes!.map(({ name }) => name)).toEqual(expect.arrayContaining(['m', 'l']));
  for (const name of ['s', 'p']) {
    const { loads, stores } = trace.touches!.find(({ buffer }) => buffer === name)!;
    for (const counts of [loads, stores]) {
      expect(counts).toHaveLength(SCORES);
      expect(counts.every((count) => count === 1)).toBe(true);
    }
  }
});
