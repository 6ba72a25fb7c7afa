// The trace without a device: narrow maps, the lazy steps, files, export. Recordings here are made by hand.

import fc from 'fast-check';
import { strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { transferables } from '../runtime/worker/packed-run.ts';
import { chromeTrace } from './export.ts';
import { narrow, widen } from './narrow.ts';
import { packTrace, unpackTrace } from './pack.ts';
import { decodeRecording } from './read-trace.ts';
import { RecordedTrace, type TraceMeta } from './recorded-trace.ts';
import { countReader, kernelTotals } from './totals.ts';
import { encodeRecording } from './write-trace.ts';

/** Two dispatches; steps (dispatch, workgroup, site) with accesses [buffer, loads, stores]. */
function handmade(): RecordedTrace {
  const steps = [
    { at: [0, 1, 0], accesses: [[0, 4, 0]] },
    {
      at: [0, 0, 0],
      accesses: [
        [0, 4, 0],
        [1, 0, 2],
      ],
    },
    { at: [0, 1, 1], accesses: [[1, 1, 1]] },
    { at: [1, 0, 0], accesses: [] },
    { at: [1, 0, 1], accesses: [[0, 3, 0]] },
  ] as const;
  const phases = new Map<string, number>();
  const starts = [0];
  const column = { dispatch: [], workgroup: [], site: [], phase: [], visit: [], ticket: [] } as Record<
    string,
    number[]
  >;
  const access = {
    buffer: [],
    loads: [],
    stores: [],
    atomics: [],
    loadBytes: [],
    storeBytes: [],
    first: [],
    last: [],
  } as Record<string, number[]>;
  steps.forEach(({ at: [dispatch, workgroup, site], accesses }, i) => {
    const lane = `${dispatch} ${workgroup}`;
    const phase = phases.get(lane) ?? 0;
    phases.set(lane, phase + 1);
    for (const [key, value] of Object.entries({ dispatch, workgroup, site, phase, visit: 0, ticket: 2 * i }))
      column[key]!.push(value);
    for (const [buffer, loads, stores] of accesses)
      for (const [key, value] of Object.entries({
        buffer,
        loads,
        stores,
        atomics: 0,
        loadBytes: 4 * loads,
        storeBytes: 4 * stores,
        first: 0,
        last: 3,
      }))
        access[key]!.push(value);
    starts.push(access.buffer!.length);
  });
  const columns: Record<string, Uint32Array | Float32Array> = { 'step.access': Uint32Array.from(starts) };
  for (const [key, values] of Object.entries(column)) columns[`step.${key}`] = Uint32Array.from(values);
  for (const [key, values] of Object.entries(access)) columns[`access.${key}`] = Uint32Array.from(values);
  const loads = narrow(Uint32Array.of(5, 0, 300, 6));
  columns['touch.q.loads'] = loads.column!;
  const rest = { atomics: 0, uniqueLoaded: 2, uniqueStored: 1 };
  const dispatch = { kernel: 'k.wgsl', workgroups: [2, 1, 1], workgroupSize: [4, 1, 1], stepSource: 'barriers' };
  const meta = {
    version: 2,
    buffers: [
      { name: 'q', space: 'storage', elementBytes: 4, length: 4 },
      { name: 'o', space: 'storage', elementBytes: 4, length: 4 },
    ],
    totals: [
      { buffer: 'q', loads: 11, stores: 0, loadBytes: 44, storeBytes: 0, ...rest },
      { buffer: 'o', loads: 1, stores: 3, loadBytes: 4, storeBytes: 12, ...rest },
    ],
    operations: { multiply: 1, add: 2, divide: 3, compare: 4, special: 5 },
    events: { tiles: 2 },
    dispatches: [dispatch, dispatch],
    lines: [],
    sources: { 'k.wgsl': 'text' },
    siteTables: [
      [
        { kind: 'entry', lines: [[1, 2]] },
        { kind: 'barrier', name: 'fold', lines: [[3, 3]] },
      ],
    ],
    sitesOf: [0, 0],
    touches: [{ buffer: 'q', loads: loads.form, stores: narrow(new Uint32Array(4)).form }],
    records: undefined,
    hasLog: false,
    matchesPlain: true,
    truncated: false,
  } as unknown as TraceMeta;
  return new RecordedTrace(meta, columns);
}

describe('narrow count maps', () => {
  test('come back as they were, in as few bits as they need', () => {
    const values = fc.oneof(
      fc.array(fc.nat(255)),
      fc.array(fc.nat(0xffff)),
      fc.array(fc.nat(0xffffffff)),
      fc.array(fc.constant(7)),
    );
    fc.assert(
      fc.property(values, (list) => {
        const original = Uint32Array.from(list);
        const { form, column } = narrow(original);
        expect(widen(form, column)).toEqual(original);
        const largest = list.reduce((most, n) => Math.max(most, n), 0);
        const bits = new Set(list).size <= 1 ? 0 : largest < 256 ? 8 : largest < 65536 ? 16 : 32;
        expect(form.bits).toBe(bits);
        expect(column?.length ?? 0).toBe(Math.ceil((list.length * bits) / 32));
      }),
    );
  });
});

describe('steps', () => {
  test('are made when they are looked at, and behave like an array', () => {
    const { steps } = handmade();
    expect(steps.length).toBe(5);
    expect(steps[2]).toEqual({
      dispatch: 0,
      workgroup: 1,
      phase: 1,
      site: 1,
      visit: 0,
      ticket: 4,
      name: 'fold',
      lines: [[3, 3]],
      accesses: [{ buffer: 1, loads: 1, stores: 1, atomics: 0, loadBytes: 4, storeBytes: 4, first: 0, last: 3 }],
    });
    expect(steps[5]).toBeUndefined();
    expect(steps.at(-1)!.accesses[0]!.loads).toBe(3);
    expect(steps.map(({ workgroup }) => workgroup)).toEqual([1, 0, 1, 0, 0]);
    expect([...steps].length).toBe(5);
    expect(steps.findIndex(({ name }) => name === 'fold')).toBe(2);
    expect(Array.isArray(steps)).toBe(true);
  });

  test('cannot be written', () => {
    const steps = handmade().steps as unknown[];
    expect(() => {
      steps[0] = 1;
    }).toThrow(TypeError);
  });
});

describe('files and threads', () => {
  test('a recording file comes back as the trace that was written', async () => {
    const trace = handmade();
    const copy = await decodeRecording(encodeRecording(trace));
    expect(copy.meta).toEqual(trace.meta);
    expect(copy.columns).toEqual(trace.columns);
    expect(copy.touches![0]!.loads).toEqual(Uint32Array.of(5, 0, 300, 6));
  });

  test('a count of distinct words that is not known stays so', async () => {
    const trace = handmade();
    trace.totals[0]!.uniqueLoaded = Number.NaN;
    expect((await decodeRecording(encodeRecording(trace))).totals).toEqual(trace.totals);
  });

  test('what the engine filled in afterwards goes along', () => {
    const trace = handmade();
    trace.matchesPlain = false;
    trace.largestDifference = 0.5;
    expect(unpackTrace(packTrace(trace))).toMatchObject({ matchesPlain: false, largestDifference: 0.5 });
  });

  test('every column can be transferred', () => {
    const packed = packTrace(handmade());
    const moved = structuredClone(packed, { transfer: transferables(packed) });
    expect(unpackTrace(moved).steps.length).toBe(5);
    expect(packed.columns['step.site']!.length).toBe(0);
  });

  test('anything else is refused as a bad file', async () => {
    const file = encodeRecording(handmade());
    const damaged = file.slice();
    damaged[Math.floor(file.length / 2)]! ^= 0xff;
    for (const bad of [new Uint8Array(0), strToU8('{}'), file.slice(0, file.length >> 1), damaged])
      await expect(decodeRecording(bad)).rejects.toMatchObject({ code: 'bad-file' });
  });
});

test('the Chrome export has a lane per workgroup and says that its clock is no time', () => {
  const { traceEvents, otherData } = chromeTrace(handmade());
  const steps = traceEvents.filter(({ ph }) => ph === 'X');
  expect(steps.map(({ name, ts, dur, pid, tid }) => [name, ts, dur, pid, tid])).toEqual([
    ['site 0', 0, 2, 0, 1],
    ['site 0', 1, 1, 0, 0],
    ['fold', 2, 1, 0, 1],
    ['site 0', 3, 1, 1, 0],
    ['fold', 4, 1, 1, 0],
  ]);
  expect(otherData.clock).toContain('not time');
  expect(() => JSON.parse(JSON.stringify(traceEvents))).not.toThrow();
});

describe('totals', () => {
  const accounting = {
    counters: 2,
    // Instance −1 is the entry; −2 is called once in each pass of a loop that counter 1 counts, and once behind it.
    calls: [[[[0, 1]]], [[[1, 1]], [[-1, 1]]]],
    accesses: [{ buffer: 0, kind: 'load', bytes: 16, line: 3, count: [[-2, 1]], times: 2 }],
    operations: [
      {
        cost: { add: 2 },
        count: [
          [-1, 1],
          [1, -1],
        ],
        times: 3,
      },
    ],
    lines: [
      {
        line: 2,
        counts: [
          [[1, 1]],
          [
            [-1, 1],
            [1, 1],
          ],
        ],
      },
      { line: 3, counts: [[[-2, 1]]] },
    ],
    events: [{ name: 'pass', count: [[1, 1]], times: 1 }],
  } as unknown as Parameters<typeof kernelTotals>[0];

  test('follow from the counters through calls, differences and widths', () => {
    const { buffers, operations, lines, events } = kernelTotals(accounting, 1, Float64Array.of(10, 4));
    expect(buffers).toEqual([{ loads: 28, stores: 0, atomics: 0, loadBytes: 448, storeBytes: 0 }]);
    expect(operations.add).toBe(3 * 2 * 6);
    expect(lines).toEqual([
      { line: 2, executions: 14, loads: 0, stores: 0 },
      { line: 3, executions: 14, loads: 28, stores: 0 },
    ]);
    expect(events.get('pass')).toBe(4);
  });

  test('stay whole beyond 32 bits', () => {
    const read = countReader(accounting, Float64Array.of(2 ** 40 + 1, 5));
    expect(read([[-2, 1]])).toBe(2 ** 40 + 6);
  });
});
