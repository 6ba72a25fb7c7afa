// Timing of plain kernels: enough repeats for the clock, warm-up, contestants interleaved, re-initialisation of
// plans that change their own state timed alone and subtracted.

import { EngineError } from '../../core/errors.ts';
import type { Measurement, MeasureOptions } from '../api.ts';
import { checkTiming } from '../call/check-call.ts';
import { abortable, throwIfAborted } from '../device/cancel.ts';
import type { DeviceContext } from '../device/device.ts';
import { encode, type ReadyJob } from '../device/execute.ts';
import { Snapshot } from '../device/snapshot.ts';
import { type Runnable, writableBuffers } from '../run/runnable.ts';
import { type Clock, openClock, openWallClock } from './clock.ts';
import {
  interleave,
  median,
  medianInterval,
  perRepeatMs,
  repeatsFor,
  resolutionMs,
  sampleFloorMs,
} from './statistics.ts';

/** Enough for the signed ranks of two contestants' rounds to tell them apart. */
const ROUNDS = 11;
/** Longest stretch of one submission, ms, so that cancelling works. */
const SLICE_MS = 150;
/** Most dispatches in one sample. */
const MOST_DISPATCHES = 8192;
/** The wall clock also sees the way to the GPU and back, about a millisecond: samples are made long beside it. */
const WALL_FLOOR_MS = 50;
/** A software adapter shares its cores with everything else, in turns of some milliseconds: a sample spans several of them. */
const SOFTWARE_FLOOR_MS = 20;
/** Steps of the clock that a sample spans at least when its re-initialisations are taken off, and how often it is made longer for it. */
const CLEAR_STEPS = 10;
const MOST_GROWTHS = 2;
/** Repeats that differ by less than this factor are made equal. */
const LEVELLED = 4;
/** Copies timed together to find the time of one. */
const RESET_COPIES = 8;
/** Trials that look for the number of repeats; each can be 16 times as long as the one before, so few are needed. */
const MOST_TRIALS = 64;

/** A contestant whose buffers stand at the start of a run, with its jobs compiled and bound. */
export interface Contestant {
  runnable: Runnable;
  ready: ReadyJob[];
  guarded: boolean;
}

interface Entry extends Contestant {
  reset?: Snapshot;
  repeats: number;
  /** Rough time of one dispatch, ms; sizes the slices. */
  dispatchMs: number;
  /** One re-initialisation, ms. */
  resetMs: number;
  samplesMs: number[];
}

/** @throws EngineError aborted, device-lost, bad-input */
export async function measureAll(
  context: DeviceContext,
  contestants: readonly Contestant[],
  { rounds = ROUNDS, minSampleMs, signal, onProgress }: MeasureOptions = {},
): Promise<Measurement[]> {
  checkTiming({ rounds, minSampleMs });
  try {
    return await measureBy(openClock(context), context, contestants, { rounds, minSampleMs, signal, onProgress });
  } catch (error) {
    if (!(error instanceof StuckClock)) throw error;
    return measureBy(openWallClock(context), context, contestants, { rounds, minSampleMs, signal, onProgress });
  }
}

/** A full sample after which the clock stood where it had been. */
class StuckClock extends Error {}

async function measureBy(
  clock: Clock,
  context: DeviceContext,
  contestants: readonly Contestant[],
  { rounds, minSampleMs, signal, onProgress }: MeasureOptions & { rounds: number },
): Promise<Measurement[]> {
  const entries: Entry[] = [];
  const steps = contestants.length * (rounds + 1);
  let done = 0;
  const progress = () => onProgress?.(++done / steps);
  try {
    for (const contestant of contestants) {
      const entry: Entry = { ...contestant, repeats: 1, dispatchMs: 0, resetMs: 0, samplesMs: [] };
      entries.push(entry);
      requireWork(entry);
      if (!entry.runnable.idempotent) entry.reset = await Snapshot.take(context, writableBuffers(entry.runnable.jobs));
      await calibrate(context, clock, entry, floorMs(clock, context.facts.isSoftware, minSampleMs), signal);
      progress();
    }
    levelRepeats(entries);
    for (const index of interleave(entries.length, rounds)) {
      const entry = entries[index]!;
      const sample = await takeSample(context, clock, entry, signal);
      entry.samplesMs.push(
        perRepeatMs(sample.elapsedMs, sample.resets * entry.resetMs, entry.repeats, resolutionMs(clock.quantumNs)),
      );
      progress();
    }
    return entries.map((entry) => summarise(entry, clock, rounds));
  } finally {
    for (const { reset } of entries) {
      reset?.restore();
      reset?.release();
    }
    clock.destroy();
  }
}

function floorMs(clock: Clock, isSoftware: boolean, wished?: number): number {
  const floor = sampleFloorMs(clock.quantumNs, wished);
  if (wished !== undefined) return floor;
  const atLeast = clock.kind === 'queue-wall' ? WALL_FLOOR_MS : isSoftware ? SOFTWARE_FLOOR_MS : 0;
  return Math.max(atLeast, floor);
}

function requireWork({ runnable }: Entry): void {
  if (runnable.jobs.length > 0) return;
  throw new EngineError('bad-input', `${runnable.label} dispatches nothing, so there is nothing to time`, {
    field: runnable.label,
  });
}

/**
 * Contestants of about the same speed get the same repeats: found apart, by trials that other programs disturb, unequal ones would
 * spread the start of a sample over more repeats here than there, in every round alike.
 */
function levelRepeats(entries: readonly Entry[]): void {
  const most = Math.max(...entries.map(({ repeats }) => repeats));
  for (const entry of entries) if (entry.repeats * LEVELLED >= most) entry.repeats = most;
}

/** Warms up and finds the number of repeats that fills a sample. */
async function calibrate(context: DeviceContext, clock: Clock, entry: Entry, floor: number, signal?: AbortSignal) {
  const most = Math.max(1, Math.floor(MOST_DISPATCHES / entry.ready.length));
  for (let trial = 0; trial < MOST_TRIALS; trial++) {
    throwIfAborted(signal);
    const { elapsedMs } = await takeSample(context, clock, entry, signal);
    entry.dispatchMs = elapsedMs / (entry.repeats * entry.ready.length);
    const repeats = repeatsFor(floor, entry.repeats, elapsedMs, most);
    if (repeats === entry.repeats && elapsedMs <= 0) throw new StuckClock();
    if (repeats === entry.repeats) break;
    entry.repeats = repeats;
  }
  if (entry.reset) entry.resetMs = await timeReset(clock, entry.reset, entry.ready[0]!, signal);
  // One more at the final size, unused: caches and clock rates settle. A kernel that costs less than its re-initialisation may leave
  // nothing to see of a sample; more repeats show more.
  for (let growth = 0; ; growth++) {
    const { elapsedMs, resets } = await takeSample(context, clock, entry, signal);
    const left = elapsedMs - resets * entry.resetMs;
    if (left >= CLEAR_STEPS * resolutionMs(clock.quantumNs) || growth === MOST_GROWTHS || entry.repeats === most)
      return;
    entry.repeats = Math.min(most, 4 * entry.repeats);
  }
}

/** One re-initialisation: copies between two dispatches, less the dispatches alone. */
async function timeReset(clock: Clock, reset: Snapshot, edge: ReadyJob, signal?: AbortSignal): Promise<number> {
  const span = async (copies: number) => {
    const times: number[] = [];
    for (let trial = 0; trial < 5; trial++) {
      const time = await clock.time((encoder, writes) => {
        encodePass(encoder, [edge], writes.first);
        for (let copy = 0; copy < copies; copy++) reset.encodeRestore(encoder);
        encodePass(encoder, [edge], writes.last);
        reset.encodeRestore(encoder);
      }, signal);
      times.push(time);
    }
    // What disturbs a trial only lengthens it, and an error here would stand in every round of this contestant.
    return Math.min(...times);
  };
  const alone = await span(0);
  return Math.max(0, (await span(RESET_COPIES)) - alone) / RESET_COPIES;
}

/**
 * Runs the contestant `repeats` times in as few submissions as stay cancellable, and adds up their times. A re-initialisation
 * between two repeats of one submission falls into the timed span and is counted; at the edges it does not.
 */
async function takeSample(context: DeviceContext, clock: Clock, entry: Entry, signal?: AbortSignal) {
  const { ready, reset, repeats } = entry;
  const perSlice = entry.dispatchMs > 0 ? Math.max(1, Math.floor(SLICE_MS / entry.dispatchMs)) : ready.length;
  const total = repeats * ready.length;
  let elapsedMs = 0;
  let resets = 0;
  for (let next = 0; next < total; next += perSlice) {
    throwIfAborted(signal);
    const end = Math.min(total, next + perSlice);
    if (reset && next % ready.length === 0) {
      reset.restore();
      await abortable(context.alive(context.device.queue.onSubmittedWorkDone()), signal);
    }
    const runs = splitRuns(next, end, ready, reset !== undefined);
    resets += runs.length - 1;
    elapsedMs += await clock.time((encoder, writes) => {
      runs.forEach((run, index) => {
        if (index > 0) reset?.encodeRestore(encoder);
        const [isFirst, isLast] = [index === 0, index === runs.length - 1];
        encodePass(
          encoder,
          run,
          isFirst && isLast ? writes.both : isFirst ? writes.first : isLast ? writes.last : undefined,
        );
      });
    }, signal);
  }
  return { elapsedMs, resets };
}

/** Dispatches `from` … `to` − 1 of the endless repetition of `ready`; cut at the starts of repeats where those need a reset. */
function splitRuns(from: number, to: number, ready: readonly ReadyJob[], cut: boolean): ReadyJob[][] {
  const runs: ReadyJob[][] = [[]];
  for (let index = from; index < to; index++) {
    if (cut && index > from && index % ready.length === 0) runs.push([]);
    runs.at(-1)!.push(ready[index % ready.length]!);
  }
  return runs;
}

function encodePass(
  encoder: GPUCommandEncoder,
  jobs: readonly ReadyJob[],
  timestampWrites?: GPUComputePassTimestampWrites,
) {
  const pass = encoder.beginComputePass({ label: 'timed', timestampWrites });
  for (const job of jobs) encode(pass, job);
  pass.end();
}

function summarise(entry: Entry, clock: Clock, rounds: number): Measurement {
  const medianMs = median(entry.samplesMs);
  return {
    samplesMs: entry.samplesMs,
    medianMs,
    ci95Ms: medianInterval(entry.samplesMs),
    clock: clock.kind,
    quantumNs: clock.quantumNs,
    repeatsPerSample: entry.repeats,
    rounds,
    ...(entry.reset ? { resetMs: entry.resetMs } : {}),
    ...(medianMs * entry.repeats <= resolutionMs(clock.quantumNs) ? { belowResolution: true } : {}),
    ...(entry.guarded ? { guarded: true } : {}),
  };
}
