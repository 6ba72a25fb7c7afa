// What a recording holds of one channel: its states and its Δ at every time step, with the playback step each was recorded in.
// Everything comes from probes; what no probe recorded stays NaN.

import { probeTable } from '#gpu/trace/probe-table.ts';
import type { Recording } from '../../exhibit/recording.ts';

export interface ChannelRecord {
  states: number;
  length: number;
  /** Row-major [states, length]; NaN where nothing was recorded. */
  h: Float32Array;
  /** Step in which each was recorded; NEVER where it was not. */
  step: Uint32Array;
  /** Running product of Ā, like h, where a kernel keeps one (a numerical trap); NaN elsewhere. */
  product: Float32Array;
  delta: Float32Array;
  deltaStep: Uint32Array;
}

export const NEVER = 0xffffffff;

export interface Sizes {
  batch: number;
  dim: number;
  dstate: number;
  seqlen: number;
}

export function sizesOf({ config }: Recording): Sizes {
  const { batch, dim, dstate, seqlen } = config as unknown as Sizes;
  return { batch, dim, dstate, seqlen };
}

const records = new WeakMap<Recording, Map<number, ChannelRecord>>();

/** The record of a channel of a sequence; made for all channels at the first call. */
export function channelRecord(recording: Recording, batch: number, channel: number): ChannelRecord {
  let known = records.get(recording);
  if (!known) {
    known = readAll(recording);
    records.set(recording, known);
  }
  const sizes = sizesOf(recording);
  return known.get(batch * sizes.dim + channel) ?? emptyRecord(sizes);
}

function emptyRecord({ dstate, seqlen }: Sizes): ChannelRecord {
  return {
    states: dstate,
    length: seqlen,
    h: new Float32Array(dstate * seqlen).fill(Number.NaN),
    step: new Uint32Array(dstate * seqlen).fill(NEVER),
    product: new Float32Array(dstate * seqlen).fill(Number.NaN),
    delta: new Float32Array(seqlen).fill(Number.NaN),
    deltaStep: new Uint32Array(seqlen).fill(NEVER),
  };
}

function readAll(recording: Recording): Map<number, ChannelRecord> {
  const sizes = sizesOf(recording);
  const all = new Map<number, ChannelRecord>();
  const recordAt = (row: number) => {
    let record = all.get(row);
    if (!record) {
      record = emptyRecord(sizes);
      all.set(row, record);
    }
    return record;
  };
  const inRange = (row: number, time: number) =>
    row >= 0 && row < sizes.batch * sizes.dim && time >= 0 && time < sizes.seqlen;
  readDeltas(recording, sizes, (row, time, step, value) => {
    if (!inRange(row, time)) return;
    const record = recordAt(row);
    record.delta[time] = value;
    record.deltaStep[time] = step;
  });
  const putState = (row: number, n: number, time: number, step: number, value: number) => {
    if (!inRange(row, time) || n < 0 || n >= sizes.dstate) return;
    const record = recordAt(row);
    record.h[n * sizes.seqlen + time] = value;
    record.step[n * sizes.seqlen + time] = step;
  };
  readRegisters(recording, sizes, putState);
  readScalars(recording, sizes, putState);
  const products = probeTable(recording.trace, ['row', 'n', 'time', 'product']);
  for (let i = 0; i < products.rows; i++) {
    const [row, n, time, product] = products.values.map((list) => list[i]!) as [number, number, number, number];
    if (inRange(row, time)) recordAt(row).product[n * sizes.seqlen + time] = product;
  }
  return all;
}

type PutDelta = (row: number, time: number, step: number, value: number) => void;
type PutState = (row: number, n: number, time: number, step: number, value: number) => void;

function readDeltas({ trace }: Recording, { dim }: Sizes, put: PutDelta): void {
  const one = probeTable(trace, ['time', 'step', 'batch', 'channel']);
  const [time, value, batch, channel] = one.values as [Float32Array, Float32Array, Float32Array, Float32Array];
  for (let i = 0; i < one.rows; i++) put(batch[i]! * dim + channel[i]!, time[i]!, one.step[i]!, value[i]!);
  // Four channels an invocation: one Δ per component.
  const four = probeTable(trace, ['time', 'batch', 'channel', 'step.x', 'step.y', 'step.z', 'step.w']);
  for (let i = 0; i < four.rows; i++) {
    const [at, sequence, first] = four.values.map((list) => list[i]!) as [number, number, number];
    for (let c = 0; c < 4 && first + c < dim; c++)
      put(sequence * dim + first + c, at, four.step[i]!, four.values[3 + c]![i]!);
  }
}

/** Fused kernels: a quad of states per register. */
function readRegisters({ trace }: Recording, { dim, dstate }: Sizes, put: PutState): void {
  for (let quad = 0; quad * 4 < dstate; quad++) {
    const names = Array.from('xyzw', (component) => `h${quad}.${component}`);
    const table = probeTable(trace, ['time', 'batch', 'channel', ...names]);
    for (let i = 0; i < table.rows; i++) {
      const row = table.values[1]![i]! * dim + table.values[2]![i]!;
      for (let c = 0; c < 4; c++)
        put(row, quad * 4 + c, table.values[0]![i]!, table.step[i]!, table.values[3 + c]![i]!);
    }
  }
}

/** One state an invocation or a round: the parallel scans, and the unfused recurrence. */
function readScalars({ trace }: Recording, { dim }: Sizes, put: PutState): void {
  const scan = probeTable(trace, ['time', 'step', 'batch', 'channel', 'n', 'h']);
  const recur = probeTable(trace, ['time', 'row', 'n', 'h']);
  for (let i = 0; i < scan.rows; i++) {
    const [time, , batch, channel, n, h] = scan.values.map((list) => list[i]!) as number[];
    put(batch! * dim + channel!, n!, time!, scan.step[i]!, h!);
  }
  for (let i = 0; i < recur.rows; i++) {
    const [time, row, n, h] = recur.values.map((list) => list[i]!) as number[];
    put(row!, n!, time!, recur.step[i]!, h!);
  }
}

/** Largest finite magnitude; 0 without one. */
export function mostOf(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most;
}

/** Values whose step lies before `tick`, ∞ for what was recorded as NaN or ±∞; NaN for the rest, which is not there yet. */
export function upTo(values: Float32Array, step: Uint32Array, tick: number): Float32Array {
  return values.map((value, i) => {
    if (step[i]! >= tick) return Number.NaN;
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  });
}
