// Statements that can never run leave no trace: behind a return, break or continue of their block. Typing `return;` into a kernel to
// look at half of it makes such code.

import { beforeAll, expect, test } from 'vitest';
import { expectCounts, poisoned } from '../testing/expect-counts.ts';
import { openDevice } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

const kernel = (body: string) => `
@group(0) @binding(0) var<storage, read_write> cells: array<u32>;
@compute @workgroup_size(1)
fn main() {
  var turns = 0u;
  ${body}
}`;

test.each([
  ['return', 'cells[0] = 7u; return; cells[1] = cells[2] + cells[3];', [0, 1], [0, 1], 1],
  ['a branch that returns', 'if (turns == 0u) { cells[0] = 7u; return; cells[1] = cells[2]; }', [0, 1], [0, 1], 1],
  [
    'two branches that return',
    'if (turns == 0u) { cells[0] = 7u; return; } else { return; } cells[1] = cells[2];',
    [0, 1],
    [0, 1],
    1,
  ],
  [
    'continue',
    'for (; turns < 3u; turns++) { cells[0] = cells[0] + 1u; continue; cells[1] = cells[2]; }',
    [3, 3],
    [1, 1],
    6,
  ],
  ['break', 'loop { cells[0] = cells[0] + 1u; break; cells[1] = cells[2]; }', [1, 1], [1, 1], 2],
  [
    'break in a switch',
    'switch turns { case 0u: { cells[0] = cells[0] + 1u; break; cells[1] = cells[2]; } default: { } }',
    [1, 1],
    [1, 1],
    2,
  ],
  [
    'a loop without end',
    'loop { cells[0] = 7u; if (turns == 0u) { return; } } cells[1] = cells[2];',
    [0, 1],
    [0, 1],
    1,
  ],
] as const)('nothing behind %s is recorded', async (_what, body, [loads, stores], unique, logged) => {
  const run = await expectCounts(
    device,
    { wgsl: kernel(body), workgroups: [1, 1, 1], data: { cells: new Uint32Array(8) } },
    { totals: { cells: [loads, stores] }, unique: { cells: [unique[0], unique[1]] } },
    { log: true },
  );
  const touches = run.trace.touches!.find(({ buffer }) => buffer === 'cells')!;
  expect([...touches.stores]).toEqual([stores, 0, 0, 0, 0, 0, 0, 0]);
  expect([...touches.loads]).toEqual([loads, 0, 0, 0, 0, 0, 0, 0]);
  expect(run.trace.log!.index.length).toBe(logged);
});

test('a function that only unreachable code calls is compiled all the same', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> cells: array<u32>;
fn fill(at: ptr<function, u32>) { for (; *at < 4u; *at += 1u) { cells[*at] = 1u; } }
@compute @workgroup_size(1)
fn main() {
  var i = 2u;
  fill(&i);
  return;
  fill(&i);
}`;
  await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { cells: poisoned(4) } },
    { totals: { cells: [0, 2] }, unique: { cells: [0, 2] } },
    { loopBudget: 100 },
  );
});
