// The run that the stage will show, before it runs: prepared for this device, and compiled while its input is still loading.

import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { type Experiment, runsTheSame } from '../stores/experiment.ts';
import type { createSurvivor } from './device-loss.ts';
import { assertWatchable, type GivenInput, type PreparedRun, prepareRun } from './prepared-run.ts';
import { type EncodedReads, fittedInput } from './sentence-input.ts';
import { asRecorded } from './step-order.ts';
import { whatToRecord } from './what-to-record.ts';

/** Random input of the first preset's sizes, where the page's own config names none. */
export function withPresetSizes(mechanism: Mechanism, experiment: Experiment): Experiment {
  return { ...experiment, config: { ...mechanism.presets[0]?.config, ...experiment.config } as Experiment['config'] };
}

/** Gives a run the constants that are remembered for this device, where its kernel has some to choose. */
type ApplyTuning = (engine: Engine, prepared: PreparedRun, settings: Experiment['config']) => Promise<PreparedRun>;

/** @param mechanismOf throws unknown-mechanism */
export function createRunPreparation(
  tuning: { apply: ApplyTuning },
  surviving: ReturnType<typeof createSurvivor>,
  mechanismOf: (id: string) => Mechanism,
) {
  /** A shipped recording, and what it is a recording of. */
  let shipped: { recording: Recording; experiment: Experiment } | null = null;
  /** What runs that nobody sees had to say, until one that is shown says it. */
  const warnings: string[] = [];

  const keepWarnings = (said: readonly string[]) => void warnings.push(...said);

  /** What the encoder makes of a sentence, as it came with the page; null for any other sentence. */
  function inputOf(experiment: Experiment, { by: { query, key, value }, taken = [] }: EncodedReads): GivenInput | null {
    if (shipped?.experiment.input !== 'sentence' || shipped.experiment.text !== experiment.text) return null;
    if (shipped.experiment.mechanism !== experiment.mechanism) return null;
    if (taken.some((each) => shipped?.experiment.config[each] !== experiment.config[each])) return null;
    const { inputs, tokens } = shipped.recording;
    const there = [query, key, value].flatMap((name) => (inputs[name] ? [[name, inputs[name]] as const] : []));
    return there.length === 3 ? { tensors: Object.fromEntries(there), tokens } : null;
  }

  /** @throws EngineError as prepareRun does, and limit-exceeded for what cannot be watched here */
  async function prepare(active: Engine, experiment: Experiment, given: GivenInput | null): Promise<PreparedRun> {
    const { limits, isSoftware } = active.adapter;
    const mechanism = mechanismOf(experiment.mechanism);
    const untuned = prepareRun(mechanism, experiment, experiment.variant, given, limits, [], isSoftware);
    const prepared = await tuning.apply(active, untuned, experiment.config);
    assertWatchable(prepared, isSoftware);
    return prepared;
  }

  return {
    prepare,
    inputOf,
    /** Keeps a shipped recording of `experiment`. */
    keep(experiment: Experiment, recording: Recording): void {
      shipped = { recording, experiment };
    },
    /** True if `recording` is the shipped one of this very experiment: old it is not, though made elsewhere. */
    isOf: (recording: Recording, experiment: Experiment): boolean =>
      asRecorded(recording) === shipped?.recording && runsTheSame(experiment, shipped.experiment),
    /**
     * Compiles the kernels, plain and recorded, by one run on the shipped recording's input that nobody sees: on a software adapter that
     * takes longer than all else before the first live picture. What its kernels fail of they fail of again, and are told, in the run
     * that is shown; a device that is lost meanwhile is told here.
     */
    compileAhead(active: Engine, experiment: Experiment, reads: EncodedReads, signal: AbortSignal): void {
      const given = inputOf(experiment, reads);
      if (!given) return;
      const run = async () => {
        const fitted = await fittedInput(reads, given, experiment.config, active.adapter.limits);
        const prepared = await prepare(active, experiment, fitted);
        // A kernel that someone edited may bring the device down: it runs where that is told.
        if (prepared.edited.length > 0) return;
        const { inputs } = prepared;
        const told = await surviving(
          () => active.run(prepared.experiment, { inputs, trace: whatToRecord(prepared), signal }),
          signal,
        );
        keepWarnings(told.warnings);
      };
      run().catch(() => {});
    },
    keepWarnings,
    takeWarnings: (): string[] => warnings.splice(0),
  };
}
