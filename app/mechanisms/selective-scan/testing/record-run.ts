// Test code: a recording of a real run, made the way the page makes one.

import { selectiveScan } from '#gpu/mechanisms/selective-scan/selective-scan.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../../../exhibit/recording.ts';
import { prepareRun } from '../../../state/run/prepared-run.ts';
import { recordingOf } from '../../../state/run/recording-of-run.ts';
import { DEFAULT_EXPERIMENT, type Experiment } from '../../../state/stores/experiment.ts';

export interface RecordedRun {
  variant: string;
  config: Experiment['config'];
  sources?: Record<string, string>;
  /** A sentence in place of seeded input. */
  text?: string;
}

let count = 0;

/** Runs on `engine`, traced. */
export async function recordRun(
  engine: Engine,
  { variant, config, sources = {}, text }: RecordedRun,
): Promise<Recording> {
  const experiment: Experiment = { ...DEFAULT_EXPERIMENT, mechanism: 'selective-scan', variant, config, sources };
  const read = text === undefined ? null : selectiveScan.readText!(text);
  const given = read && { tensors: read.inputs, tokens: { query: read.tokens, key: read.tokens } };
  const prepared = prepareRun(selectiveScan, experiment, variant, given, engine.adapter.limits);
  const run = await engine.run(prepared.experiment, { inputs: prepared.inputs, trace: true });
  count += 1;
  return recordingOf(`test ${count}`, prepared, run, engine.adapter);
}

/** The source of one of the variants' kernels with `from`, which must occur exactly once, replaced. */
export function editKernel(file: string, from: string, to: string): Record<string, string> {
  const kernel = selectiveScan.variants.flatMap(({ kernels }) => kernels).find((candidate) => candidate.file === file);
  if (kernel?.wgsl.split(from).length !== 2) throw new Error(`not exactly once in ${file}: ${from}`);
  return { [file]: kernel.wgsl.replace(from, to) };
}
