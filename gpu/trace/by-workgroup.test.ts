// Recordings of the page with their workgroups interleaved anew, as another run of the device might have: whatever the device chose, by
// workgroup there is one order, and nothing but the order is another.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { byWorkgroup } from './by-workgroup.ts';
import { NO_STEP } from './decode.ts';
import { packTrace } from './pack.ts';
import { decodeRecording } from './read-trace.ts';
import { reordered } from './reorder.ts';
import type { RecordTable, Trace } from './trace.ts';

const SHIPPED = ['attention-ragged', 'selective-scan-blelloch', 'mamba-block-whole', 'token-pruning-votes'];

function shipped(name: string): Promise<Trace> {
  const path = fileURLToPath(new URL(`../../public/recordings/${name}.rec`, import.meta.url));
  return decodeRecording(unzipSync(new Uint8Array(readFileSync(path)))['trace.bin']!);
}

const laneOf = ({ dispatch, workgroup }: { dispatch: number; workgroup: number }) => `${dispatch}.${workgroup}`;

/** The steps of each workgroup in the order in which they come. */
function lanesOf({ steps }: Trace): Map<string, number[]> {
  const lanes = new Map<string, number[]>();
  steps.forEach((step, i) => {
    const lane = lanes.get(laneOf(step)) ?? [];
    lanes.set(laneOf(step), lane);
    lane.push(i);
  });
  return lanes;
}

/** Another run: in each dispatch, the workgroup that goes next is drawn anew. */
function interleaved(trace: Trace, draw: (below: number) => number): Trace {
  const left = [...lanesOf(trace)].map(([lane, steps]) => ({
    dispatch: Number(lane.split('.')[0]),
    steps: [...steps],
  }));
  const order: number[] = [];
  for (let dispatch = 0; dispatch < trace.dispatches.length; dispatch++) {
    const lanes = left.filter((each) => each.dispatch === dispatch);
    while (lanes.length > 0) {
      const at = draw(lanes.length);
      const { steps } = lanes[at]!;
      order.push(steps.shift()!);
      if (steps.length === 0) lanes.splice(at, 1);
    }
  }
  expect(order).toHaveLength(trace.steps.length);
  return reordered(trace, Uint32Array.from(order));
}

/** The columns that differ, but for the tickets, which tell how the run was interleaved. */
function differing(one: Trace, other: Trace): string[] {
  const [own, theirs] = [packTrace(one).columns, packTrace(other).columns];
  const names = [...new Set([...Object.keys(own), ...Object.keys(theirs)])];
  const isSame = (name: string) => {
    const [a, b] = [own[name]!, theirs[name]!];
    return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
  };
  return names.filter((name) => name !== 'step.ticket' && !isSame(name));
}

/** Place → the values recorded there last. */
function endOf({ values, at, columns }: RecordTable): Map<string, number[]> {
  const end = new Map<string, number[]>();
  for (let row = 0; row < columns[0]!.length; row++) {
    const all = columns.map((column) => column[row]!);
    const place = at.length > 0 ? all.slice(values.length).join() : String(row);
    end.set(place, all.slice(0, values.length));
  }
  return end;
}

const sorted = <Value>(map: Map<string, Value>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe.each(SHIPPED)('%s', async (name) => {
  const trace = await shipped(name);
  const ordered = byWorkgroup(trace);

  test('goes by dispatch, then workgroup; each workgroup’s steps keep their order, their accesses and their lines', () => {
    expect(trace.steps.length).toBeGreaterThan(20);
    const keys = ordered.steps.map(({ dispatch, workgroup }) => dispatch * 1e6 + workgroup);
    expect(keys).toEqual([...keys].sort((a, b) => a - b));
    const before = lanesOf(trace);
    for (const [lane, steps] of lanesOf(ordered))
      expect(steps.map((i) => ordered.steps[i])).toEqual(before.get(lane)!.map((i) => trace.steps[i]));
  });

  test('ends where the recording ends: the same counts, touches, values at every place, and last values', () => {
    const { steps: _steps, columns: _columns, ...facts } = ordered.meta as never as Trace;
    expect(facts).toEqual(packTrace(trace).meta);
    expect(ordered.touches).toEqual(trace.touches);
    expect(ordered.records?.map((table) => sorted(endOf(table)))).toEqual(
      trace.records?.map((table) => sorted(endOf(table))),
    );
    const [own, recorded] = [ordered, trace].map(({ records = [] }) =>
      records.map(({ columns }) => columns.map((column) => [...column].sort())),
    );
    expect(own).toEqual(recorded);
  });

  test('a recorded value belongs to the step that recorded it', () => {
    const seen = ({ records = [], steps }: Trace) =>
      records.map(({ step, invocation, columns }) =>
        [...step]
          .map((at, row) => {
            const { dispatch, workgroup, site, visit } = at === NO_STEP ? ({} as Trace['steps'][number]) : steps[at]!;
            return [dispatch, workgroup, site, visit, invocation[row], ...columns.map((column) => column[row])].join();
          })
          .sort(),
      );
    expect(seen(ordered)).toEqual(seen(trace));
    for (const { step } of ordered.records ?? []) expect([...step]).toEqual([...step].sort((a, b) => a - b));
  });

  test('is the same, however the device interleaved its workgroups', () => {
    const draws = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));
    fc.assert(
      fc.property(draws, (stream) => {
        const other = interleaved(trace, (below) => Math.floor(stream.next().value * below));
        expect(differing(byWorkgroup(other), ordered)).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });
});

test('a recording that is in this order already stays as it is', async () => {
  const ordered = byWorkgroup(await shipped('attention-ragged'));
  expect(differing(byWorkgroup(ordered), ordered)).toEqual([]);
  expect(differing(ordered, await shipped('attention-ragged'))).toContain('step.workgroup');
});
