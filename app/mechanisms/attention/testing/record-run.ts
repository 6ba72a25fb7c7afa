// Test code: a recording of a real run, made the way the page makes one.

import { attention } from '#gpu/mechanisms/attention/index.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../../../exhibit/recording.ts';
import { prepareRun } from '../../../state/run/prepared-run.ts';
import { recordingOf } from '../../../state/run/recording-of-run.ts';
import { DEFAULT_EXPERIMENT, type Experiment } from '../../../state/stores/experiment.ts';

export interface RecordedRun {
  variant?: string;
  config: Experiment['config'];
  sources?: Record<string, string>;
  seed?: number;
  /** Every score too. */
  details?: boolean;
}

let count = 0;

/** Runs on `engine`, traced, with seeded random input. */
export async function recordRun(
  engine: Engine,
  { variant = 'flash-v2', config, sources = {}, seed = 1, details = false }: RecordedRun,
): Promise<Recording> {
  const experiment: Experiment = { ...DEFAULT_EXPERIMENT, variant, config, input: 'random', seed, sources };
  const prepared = prepareRun(attention, experiment, variant, null, engine.adapter.limits);
  const run = await engine.run(prepared.experiment, { inputs: prepared.inputs, trace: { details } });
  count += 1;
  return recordingOf(`test ${count}`, prepared, run, engine.adapter);
}

/** The source of one of the variants' kernels. */
export function kernelSource(file: string): string {
  const kernel = attention.variants.flatMap(({ kernels }) => kernels).find((candidate) => candidate.file === file);
  if (!kernel) throw new Error(`no kernel ${file}`);
  return kernel.wgsl;
}

/** Replaces `from`, which must occur exactly once. */
export function edit(source: string, from: string, to: string): string {
  if (source.split(from).length !== 2) throw new Error(`not exactly once in the kernel: ${from}`);
  return source.replace(from, to);
}
