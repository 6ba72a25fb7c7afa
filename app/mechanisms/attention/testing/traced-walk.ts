// Test code: a recording of a walk over score tiles, written down visit by visit. It stands where no GPU is; the same scenes are
// tested on real runs in picture-is-the-run.gpu.test.ts.

import { resolveConfig } from '#gpu/mechanisms/attention/config.ts';
import { planAttention } from '#gpu/mechanisms/attention/plan.ts';
import type { RecordTable, Step, Trace } from '#gpu/trace/trace.ts';
import type { Recording } from '../../../exhibit/recording.ts';

export interface Walk {
  nq: number;
  nk: number;
  headDim: number;
  br: number;
  bc: number;
  causal?: boolean;
  /** Key-tile numbers that query tile `tile` visits, in order; a tile may come twice. */
  visits(tile: number): number[];
  /** Running maximum after key tile `key` for `row`; 0 by default. */
  maximum?(row: number, key: number): number;
}

const BUFFERS: Trace['buffers'] = [
  { name: 'q', space: 'storage', elementBytes: 4, length: 0 },
  { name: 'k', space: 'storage', elementBytes: 4, length: 0 },
  { name: 'v', space: 'storage', elementBytes: 4, length: 0 },
  { name: 'out', space: 'storage', elementBytes: 4, length: 0 },
  { name: 'k_tile', space: 'workgroup', elementBytes: 4, length: 0 },
];
const [Q, K, V, OUT, K_TILE] = [0, 1, 2, 3, 4];

const KERNEL = `const BR: u32 = 1u; // rows  @tune 1 2 4
const BC: u32 = 1u; // keys  @tune 1 2 4
@compute @workgroup_size(1)
fn main() {
  //: load-q
  //: load-kv
  //: fold
  //: record m l rescale at batch head row
}
`;

/** One workgroup per query tile, workgroups one after the other, three kinds of steps. */
export function recordWalk(walk: Walk, id = 'walk'): Recording {
  const { nq, nk, headDim, br, bc } = walk;
  const config = resolveConfig({ heads: 1, nq, nk, headDim, br, bc, causal: walk.causal ?? false });
  const steps: Step[] = [];
  const tiles: number[][] = [];
  const folds: number[][] = [];
  const touches = new Map([
    ['q', new Uint32Array(nq * headDim)],
    ['k', new Uint32Array(nk * headDim)],
    ['v', new Uint32Array(nk * headDim)],
  ]);
  const stores = new Uint32Array(nq * headDim);
  const push = (workgroup: number, name: string, line: number, accesses: [number, number, number][]) => {
    steps.push({
      dispatch: 0,
      workgroup,
      phase: 0,
      site: line,
      visit: 0,
      ticket: steps.length,
      lines: [[line, line]],
      name,
      accesses: accesses.map(([buffer, loads, stored]) => ({ buffer, loads, stores: stored, first: 0, last: 0 })),
    });
    return steps.length - 1;
  };
  const touch = (name: string, from: number, count: number) => {
    const counts = touches.get(name)!;
    for (let i = from * headDim; i < (from + count) * headDim; i++) counts[i]! += 1;
  };
  for (let tile = 0; tile * br < nq; tile++) {
    const q0 = tile * br;
    const rows = Math.min(br, nq - q0);
    push(tile, 'load-q', 5, [[Q!, rows * headDim, 0]]);
    touch('q', q0, rows);
    for (const key of walk.visits(tile)) {
      const k0 = key * bc;
      const keys = Math.min(bc, nk - k0);
      const load = push(tile, 'load-kv', 6, [
        [K!, keys * headDim, 0],
        [V!, keys * headDim, 0],
        [K_TILE!, 0, keys * headDim],
      ]);
      tiles.push([load, 0, 0, q0, k0]);
      touch('k', k0, keys);
      touch('v', k0, keys);
      const fold = push(tile, 'fold', 7, [[K_TILE!, rows * keys * headDim, 0]]);
      for (let row = q0; row < q0 + rows; row++)
        folds.push([fold, walk.maximum?.(row, key) ?? 0, key + 1, 1, 0, 0, row]);
    }
    push(tile, 'fold', 7, [[OUT!, 0, rows * headDim]]);
    stores.fill(1, q0 * headDim, (q0 + rows) * headDim);
  }
  const lengths = [nq, nk, nk, nq, bc].map((count) => count * headDim);
  return {
    id,
    mechanism: 'attention',
    variant: 'flash-v2',
    config,
    plan: planAttention('flash-v2', config, {}),
    kernels: [
      {
        file: 'flash-v2.wgsl',
        wgsl: KERNEL.replace('BR: u32 = 1u', `BR: u32 = ${br}u`).replace('BC: u32 = 1u', `BC: u32 = ${bc}u`),
      },
    ],
    trace: {
      buffers: BUFFERS.map((buffer, i) => ({ ...buffer, length: lengths[i]! })),
      totals: BUFFERS.map(({ name }, i) => totalsOf(name, i, steps, touches.get(name))),
      operations: { multiply: 0, add: 0, divide: 0, compare: 0, special: 0 },
      events: { tiles: tiles.length },
      dispatches: [
        {
          kernel: 'flash-v2.wgsl',
          workgroups: [Math.ceil(nq / br), 1, 1],
          workgroupSize: [1, 1, 1],
          stepSource: 'markers',
        },
      ],
      lines: [5, 6, 7].map((line) => ({
        kernel: 'flash-v2.wgsl',
        line,
        executions: steps.filter((step) => step.site === line).length,
        loads: 0,
        stores: 0,
      })),
      columns: {},
      steps,
      touches: [
        ...[...touches].map(([buffer, loads]) => ({ buffer, loads, stores: new Uint32Array(loads.length) })),
        { buffer: 'out', loads: new Uint32Array(stores.length), stores },
      ],
      records: [
        tableOf([], ['batch', 'head', 'row', 'key'], tiles),
        tableOf(['m', 'l', 'rescale'], ['batch', 'head', 'row'], folds),
      ],
      matchesPlain: true,
      truncated: false,
    },
    inputs: {},
    outputs: {},
    device: { label: 'test', isSoftware: true, origin: 'this-device' },
    edited: [],
    warnings: [],
  };
}

/** The walk of one sequence as that of as many heads as it has query tiles, whose workgroups take turns, the last one first. */
export function takingTurns(recording: Recording): Recording {
  const { config, trace } = recording;
  const heads = trace.dispatches[0]!.workgroups[0];
  const rows = Number(config.nq) / heads;
  const met = new Uint32Array(heads);
  const turns = trace.steps.map(({ workgroup }, step) => ({ step, turn: met[workgroup]!++, workgroup }));
  turns.sort((a, b) => a.turn - b.turn || b.workgroup - a.workgroup);
  const place = new Uint32Array(turns.length);
  turns.forEach(({ step }, at) => {
    place[step] = at;
  });
  const records = trace.records!.map((table): RecordTable => {
    const { step, values, at } = table;
    const order = Array.from(step, (_, i) => i).sort((a, b) => place[step[a]!]! - place[step[b]!]! || a - b);
    const columns = [...values, ...at].map((name, column) =>
      Float32Array.from(order, (i) => {
        if (name === 'head') return trace.steps[step[i]!]!.workgroup;
        return name === 'row' ? table.columns[column]![i]! % rows : table.columns[column]![i]!;
      }),
    );
    return { ...table, step: Uint32Array.from(order, (i) => place[step[i]!]!), columns };
  });
  return {
    ...recording,
    config: { ...config, heads, nq: rows, seqlensQ: [rows] },
    trace: {
      ...trace,
      steps: turns.map(({ step }, ticket) => ({ ...trace.steps[step]!, ticket })),
      dispatches: [{ ...trace.dispatches[0]!, workgroups: [1, heads, 1] }],
      records,
    },
  };
}

/** A run of the block-sparse kernel with this block mask. */
export function masked(recording: Recording, blockmask: number[]): Recording {
  const { plan, config } = recording;
  const buffers = [...plan.buffers, { ...plan.buffers[0]!, name: 'blockmask' }];
  return {
    ...recording,
    variant: 'flash-v2-block-sparse',
    config: { ...config, blockmask },
    plan: { ...plan, buffers },
  };
}

function totalsOf(buffer: string, index: number, steps: Step[], touched?: Uint32Array): Trace['totals'][number] {
  const of = steps.flatMap(({ accesses }) => accesses.filter((access) => access.buffer === index));
  const loads = of.reduce((sum, access) => sum + access.loads, 0);
  const stores = of.reduce((sum, access) => sum + access.stores, 0);
  return {
    buffer,
    loads,
    stores,
    atomics: 0,
    loadBytes: 4 * loads,
    storeBytes: 4 * stores,
    uniqueLoaded: touched?.filter((times) => times > 0).length ?? 0,
    uniqueStored: 0,
  };
}

/** One record line; the first number of each row is its step. */
function tableOf(values: string[], at: string[], rows: number[][]): RecordTable {
  return {
    kernel: 'flash-v2.wgsl',
    line: 1 + values.length,
    values,
    at,
    step: Uint32Array.from(rows, ([step]) => step!),
    invocation: new Uint32Array(rows.length),
    columns: [...values, ...at].map((_, i) => Float32Array.from(rows, (row) => row[i + 1]!)),
  };
}
