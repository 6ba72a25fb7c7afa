// What a run computes on when it is not made from the seed: a sentence, as the exhibit reads it, or a dropped file.

import { EngineError } from '#gpu/core/errors.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import { listed } from '../../words/lists.ts';
import type { Experiment } from '../stores/experiment.ts';
import type { SessionStore } from '../stores/session-store.ts';
import type { createSurvivor } from './device-loss.ts';
import type { EncoderLoader } from './encoder-loader.ts';
import type { GivenInput } from './prepared-run.ts';
import type { createRunPreparation } from './run-preparation.ts';
import { type EncodedReads, encodedInputs, fittedInput, idsOf, readByMechanism } from './sentence-input.ts';

/** With nothing on screen yet, a run does not wait longer than this for the sentence encoder. */
const EMPTY_STAGE_MS = 400;
/** Where what the encoder makes of it came with the page, it waits no longer than this: the kernels compile meanwhile. */
const SHIPPED_INPUT_MS = 1500;

export interface InputSourceParts {
  session: SessionStore;
  encoder: EncoderLoader;
  surviving: ReturnType<typeof createSurvivor>;
  preparation: ReturnType<typeof createRunPreparation>;
  /** The encoder is there after another input stood in for it in a run of `experiment`. */
  onLate(experiment: Experiment): void;
}

/** @returns gives the tensors of the chosen input; null = made from the seed. Sets the note that says when another input stands in */
export function createInputSource({ session, encoder, surviving, preparation, onLate }: InputSourceParts) {
  /** Queries, keys and values of the sentence's first layer, made on the GPU. @throws EngineError bad-input for no words, limit-exceeded */
  async function encodeSentence(
    active: Engine,
    text: string,
    { by: names }: EncodedReads,
    signal: AbortSignal,
  ): Promise<GivenInput> {
    const { tokenize, weights } = await encoder.load();
    const tokens = tokenize(text);
    const inputs = { ...weights, ids: idsOf(tokens, text) };
    const encoding = await active.open({ model: 'sentence-encoder', config: {} }, { inputs, signal });
    try {
      const { outputs, warnings } = await encoding.run('run', { signal });
      preparation.keepWarnings(warnings);
      const tensors = encodedInputs(names, outputs);
      if (!tensors) throw new EngineError('internal', 'the sentence encoder gave no q, k and v');
      const words = tokens.map((token) => token.text);
      return { tensors, tokens: { query: words, key: words } };
    } finally {
      encoding.dispose();
    }
  }

  /** What the sentence encoder gives; where it takes long or cannot be had, what stands in for it. */
  async function sentenceInput(
    active: Engine,
    experiment: Experiment,
    reads: EncodedReads,
    signal: AbortSignal,
  ): Promise<GivenInput | null> {
    const fitted = (given: GivenInput) => fittedInput(reads, given, experiment.config, active.adapter.limits);
    const encode = async () =>
      fitted(await surviving(() => encodeSentence(active, experiment.text, reads, signal), signal));
    if (encoder.ready) return encode();
    const loading = encoder.load();
    preparation.compileAhead(active, experiment, reads, signal);
    const waiting = loading.then(
      () => 'ready' as const,
      () => 'failed' as const,
    );
    const standIn = preparation.inputOf(experiment, reads);
    // Another picture on screen may stay while the encoder loads; an empty stage may not.
    const isEmpty = session.getState().recording === null;
    const patienceMs = standIn ? SHIPPED_INPUT_MS : isEmpty ? EMPTY_STAGE_MS : null;
    const patience =
      patienceMs === null ? [] : [new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), patienceMs))];
    const cancelled = new Promise<'cancelled'>((resolve) => {
      signal.addEventListener('abort', () => resolve('cancelled'), { once: true });
    });
    const outcome = await Promise.race([waiting, cancelled, ...patience]);
    if (signal.aborted) throw new EngineError('aborted', 'the run was cancelled');
    if (outcome === 'ready') return encode();
    const standsIn = standIn
      ? `The ${listed(Object.values(reads.by))} that came with the shipped recording of this sentence stand in`
      : 'Random input stands in';
    const late = `${standsIn} until the sentence encoder is loaded.`;
    const failed = `The sentence encoder could not be loaded. ${standsIn}.`;
    session.setState({ inputNote: outcome === 'late' ? late : failed });
    if (outcome === 'late') {
      waiting.then((later) => {
        if (later === 'ready') onLate(experiment);
        else if (session.getState().inputNote === late) session.setState({ inputNote: failed });
      });
    }
    return standIn && fitted(standIn);
  }

  return async function inputOf(
    active: Engine,
    mechanism: Mechanism,
    experiment: Experiment,
    reads: MechanismView['reads'],
    signal: AbortSignal,
  ): Promise<GivenInput | null> {
    session.setState({ inputNote: null });
    if (experiment.input === 'file') return fileInput(mechanism, reads);
    const sentence = experiment.input === 'sentence' ? reads?.sentence : undefined;
    if (!sentence) return null;
    const { by } = sentence;
    return by === 'mechanism'
      ? readByMechanism(mechanism, experiment.text)
      : sentenceInput(active, experiment, { ...sentence, by }, signal);
  };

  function fileInput({ id, title }: Mechanism, reads: MechanismView['reads']): GivenInput | null {
    const { file } = session.getState();
    if (file?.mechanism === id) {
      session.setState({ inputNote: file.remark ?? null });
      return { tensors: file.tensors, seeded: reads?.file?.seeded };
    }
    const why = file
      ? `${file.name} was opened for another exhibit: drop a file for ${title}.`
      : 'There is no file yet, and links carry none: drop one.';
    session.setState({ inputNote: `${why} Random input stands in.` });
    return null;
  }
}
