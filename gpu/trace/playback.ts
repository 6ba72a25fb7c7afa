// Playback order: the tick is an index into the steps, which are in recorded order. What a tick shows is a sum over the steps up
// to it, so that at the last tick everything shown equals what the steps hold.

import type { Columns } from './steps.ts';
import type { Trace } from './trace.ts';

export interface Traffic {
  loads: number;
  stores: number;
  loadBytes: number;
  storeBytes: number;
}

const KEYS = ['loads', 'stores', 'loadBytes', 'storeBytes'] as const;
/** Prefix sums are kept for every n-th step, and the rest is added up: scrubbing anywhere costs at most this many steps. */
const STRIDE = 256;

/** Cumulative traffic of a trace, for any tick, without walking all steps. */
export class TrafficClock {
  private readonly columns: Columns;
  private readonly bufferCount: number;
  private readonly checkpoints: Float64Array[] = [];
  readonly ticks: number;

  constructor(trace: Trace) {
    this.columns = trace.columns;
    this.bufferCount = trace.buffers.length;
    this.ticks = trace.steps.length;
    const sums = new Float64Array(this.bufferCount * KEYS.length);
    for (let step = 0; step < this.ticks; step++) {
      if (step % STRIDE === 0) this.checkpoints.push(sums.slice());
      this.add(sums, step);
    }
  }

  /** By buffer, what the steps 0 … tick have moved; before the first step (tick −1) nothing. */
  upTo(tick: number): Traffic[] {
    const end = Math.min(tick, this.ticks - 1);
    const checkpoint = Math.min(Math.floor((end + 1) / STRIDE), this.checkpoints.length - 1);
    const sums = this.checkpoints[checkpoint]?.slice() ?? new Float64Array(this.bufferCount * KEYS.length);
    for (let step = Math.max(0, checkpoint) * STRIDE; step <= end; step++) this.add(sums, step);
    return Array.from({ length: this.bufferCount }, (_, buffer) => {
      const [loads = 0, stores = 0, loadBytes = 0, storeBytes = 0] = sums.subarray(buffer * KEYS.length);
      return { loads, stores, loadBytes, storeBytes };
    });
  }

  private add(sums: Float64Array, step: number): void {
    const start = this.columns['step.access']!;
    for (let row = start[step]!; row < start[step + 1]!; row++) {
      const at = this.columns['access.buffer']![row]! * KEYS.length;
      KEYS.forEach((key, i) => {
        sums[at + i]! += this.columns[`access.${key}`]![row]!;
      });
    }
  }
}

export interface Lane {
  dispatch: number;
  workgroup: number;
  /** Ticks of its steps, ascending. */
  ticks: number[];
}

/** One lane per workgroup that recorded steps, by dispatch and then by the tick of its first step. */
export function lanesOf(trace: Trace): Lane[] {
  const dispatches = trace.columns['step.dispatch']!;
  const workgroups = trace.columns['step.workgroup']!;
  const lanes = new Map<string, Lane>();
  for (let tick = 0; tick < dispatches.length; tick++) {
    const key = `${dispatches[tick]} ${workgroups[tick]}`;
    const lane = lanes.get(key) ?? { dispatch: dispatches[tick]!, workgroup: workgroups[tick]!, ticks: [] };
    lanes.set(key, lane);
    lane.ticks.push(tick);
  }
  return [...lanes.values()];
}

/**
 * For each running workgroup the step it is in at `tick`: the last one it started. Workgroups of other dispatches than the
 * tick's are not running.
 */
export function currentSteps(trace: Trace, lanes: readonly Lane[], tick: number): { lane: Lane; tick: number }[] {
  const dispatch = trace.columns['step.dispatch']![tick];
  const current: { lane: Lane; tick: number }[] = [];
  for (const lane of lanes) {
    if (lane.dispatch !== dispatch || lane.ticks[0]! > tick || lane.ticks.at(-1)! < tick) continue;
    let low = 0;
    let high = lane.ticks.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (lane.ticks[middle]! <= tick) low = middle;
      else high = middle;
    }
    current.push({ lane, tick: lane.ticks[low]! });
  }
  return current;
}
