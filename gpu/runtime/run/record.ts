// Recording: every job is dispatched again, instrumented, with a recorder buffer of its own, from the contents the plain run had.
// Loaded with the first recording, beside the plain run that goes before it.

import { EngineError } from '../../core/errors.ts';
import type { Workgroups } from '../../plan/plan.ts';
import { assembleTrace, type TracePart } from '../../trace/assemble.ts';
import { readRecording } from '../../trace/decode.ts';
import { planRecording } from '../../trace/recording-layout.ts';
import type { Trace, TraceOptions } from '../../trace/trace.ts';
import { withinDepth } from '../../wgsl/parse/parse.ts';
import { instrument } from '../../wgsl/recorder/instrument.ts';
import type { Instrumented, InstrumentOptions } from '../../wgsl/text/recorder-contract.ts';
import { type DeviceContext, scoped } from '../device/device.ts';
import { compileJob, execute, prepare } from '../device/execute.ts';
import { gridOf } from '../device/grid.ts';
import { inserted, type Job } from '../device/job.ts';
import { readBytes } from '../device/readback.ts';
import { Snapshot } from '../device/snapshot.ts';
import type { Budgets } from './guard-run.ts';
import { requireFreeBinding } from './guarded-job.ts';
import { writableBuffers } from './runnable.ts';

const MAX_BYTES = 64 * 2 ** 20;
const CACHED = 64;
const RECORDER = { variable: 'recorder', name: 'recorder', type: 'storage' } as const;

type RecordOptions = Required<TraceOptions>;

/** Keys left out have the value that `trace: true` stands for. */
export function recordOptions(trace: true | TraceOptions): RecordOptions {
  const {
    steps = true,
    touches = true,
    probes = true,
    details = false,
    log = false,
    maxBytes = MAX_BYTES,
  } = trace === true ? {} : trace;
  return { steps, touches, probes, details, log, maxBytes };
}

/**
 * Records the jobs in order. The buffers stand where a run starts, and are left where it ends.
 *
 * @returns the trace, which does not know yet whether it matches the plain run
 * @throws EngineError unsupported-construct, limit-exceeded, loop-budget, and what prepare and execute throw
 */
export async function record(
  context: DeviceContext,
  jobs: readonly Job[],
  budgets: Budgets,
  options: RecordOptions,
  signal?: AbortSignal,
): Promise<Trace> {
  const parts: TracePart[] = [];
  for (const job of jobs) parts.push(await recordJob(context, job, budgets.get(job), options, signal));
  return assembleTrace(parts);
}

/**
 * Starts compiling the jobs' recorded forms, beside their plain ones. Nobody waits for it here, and what fails will fail again,
 * and be told, when the job is recorded. Guarded jobs are left out: their loop budget is not known yet.
 */
export function compileAhead(context: DeviceContext, jobs: readonly Job[], options: RecordOptions): void {
  for (const job of jobs) {
    if (job.guarded) continue;
    const compile = async () => {
      const { wgsl, recorder } = instrumentOnce(job, options, undefined);
      await compileJob(context, { ...job, wgsl, bindings: [...job.bindings, { ...RECORDER, ...recorder }] });
    };
    compile().catch(() => {});
  }
}

async function recordJob(
  context: DeviceContext,
  job: Job,
  loopBudget: number | undefined,
  options: RecordOptions,
  signal?: AbortSignal,
): Promise<TracePart> {
  requireFreeBinding(context, job);
  const workgroups = await gridOf(context, job, signal);
  const bindingBytes = Object.fromEntries(job.bindings.map(({ variable, buffer }) => [variable, buffer.size]));
  const maxBytes = Math.min(
    options.maxBytes,
    context.device.limits.maxStorageBufferBindingSize,
    context.device.limits.maxBufferSize,
  );
  const before = await Snapshot.take(context, writableBuffers([job]));
  try {
    let request: Parameters<typeof planRecording>[1] = { workgroups, bindingBytes, maxBytes };
    const counting = instrumentOnce(job, options, loopBudget);
    const { omitted } = planRecording(counting, request);
    // Where there is no room to count a word's touches, there is some to mark it.
    const instrumented = omitted.length > 0 ? instrumentOnce(job, options, loopBudget, omitted) : counting;
    for (let layout = planRecording(instrumented, request); ; ) {
      const words = await dispatchRecorded(context, job, instrumented, layout, signal);
      const recording = readRecording(instrumented, layout, words);
      if (recording.loopBudgetExceeded) {
        throw new EngineError('loop-budget', `${job.file}: a loop did not end within ${loopBudget} iterations`, {
          field: job.file,
        });
      }
      // Cut short: once more with the room it asks for, unless it had all there is.
      request = { ...request, ...recording.retry };
      const larger = planRecording(instrumented, request);
      if (!recording.retry || larger.byteLength <= layout.byteLength) {
        return partOf(job, instrumented, recording, workgroups);
      }
      layout = larger;
      before.restore();
    }
  } finally {
    before.release();
  }
}

function partOf(
  job: Job,
  instrumented: Instrumented,
  recording: TracePart['recording'],
  workgroups: Workgroups,
): TracePart {
  const names = Object.fromEntries(job.bindings.map(({ variable, name }) => [variable, name]));
  const sizes = new Map(job.bindings.map(({ variable, buffer }) => [variable, buffer.size]));
  const lengths = Object.fromEntries(
    instrumented.buffers.map(({ variable, elementBytes, length }) => {
      const size = sizes.get(variable);
      return [variable, size === undefined ? length : Math.floor(size / elementBytes)];
    }),
  );
  return { recording, instrumented, kernel: job.file, source: job.wgsl, workgroups, names, lengths };
}

/** Runs the instrumented job once and returns the recorder buffer's words. */
async function dispatchRecorded(
  context: DeviceContext,
  job: Job,
  instrumented: Instrumented,
  { byteLength, header }: { byteLength: number; header: Uint32Array },
  signal?: AbortSignal,
): Promise<Uint32Array> {
  const { buffers, device } = context;
  const recorder = await scoped(device, 'recorder buffer', () => buffers.storage(byteLength));
  try {
    const binding = { ...RECORDER, ...instrumented.recorder, buffer: recorder };
    const traced = inserted(job, instrumented, binding);
    const ready = await prepareTraced(context, traced, signal);
    const encoder = device.createCommandEncoder({ label: 'clear recorder' });
    buffers.fill(encoder, recorder, 0);
    device.queue.submit([encoder.finish()]);
    buffers.upload(recorder, header);
    await execute(context, ready, signal);
    const [words] = await readBytes(context, [recorder], signal);
    return new Uint32Array(words!);
  } finally {
    buffers.release(recorder);
  }
}

/** The plain text has compiled already: where the instrumented one does not, the recorder is at fault, and its name says so. */
async function prepareTraced(context: DeviceContext, traced: Job, signal?: AbortSignal) {
  try {
    return await prepare(context, [traced], signal);
  } catch (error) {
    if (!(error instanceof EngineError) || !['compile-failed', 'validation-failed'].includes(error.code)) throw error;
    throw new EngineError('internal', `the recorded form of ${error.message}`, {
      field: traced.file,
      line: error.line,
    });
  }
}

const instrumentedOnce = new Map<string, Instrumented>();

/** Each text goes through the recorder's parser once. */
function instrumentOnce(
  job: Job,
  { steps, touches, probes, details, log }: RecordOptions,
  loopBudget?: number,
  marked?: readonly string[],
): Instrumented {
  const options: InstrumentOptions = {
    steps,
    touches,
    probes,
    details,
    log,
    entryPoint: job.entryPoint,
    constants: job.overrides,
    loopBudget,
    marked,
  };
  const key = JSON.stringify([options, job.wgsl]);
  let instrumented = instrumentedOnce.get(key);
  if (instrumented) {
    instrumentedOnce.delete(key); // moves to the end: the oldest unused goes first
  } else {
    instrumented = withinDepth(() => instrument(job.wgsl, options));
  }
  instrumentedOnce.set(key, instrumented);
  if (instrumentedOnce.size > CACHED) instrumentedOnce.delete(instrumentedOnce.keys().next().value!);
  return instrumented;
}
