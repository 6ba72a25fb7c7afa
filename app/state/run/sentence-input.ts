// A sentence → inputs: as the mechanism itself reads it, or by the page's sentence encoder.

import { EngineError } from '#gpu/core/errors.ts';
import type { Tensor } from '#gpu/core/tensor.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Reads } from '../../exhibit/reads.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import type { Experiment } from '../stores/experiment.ts';
import type { GivenInput } from './prepared-run.ts';

type SentenceReads = NonNullable<Reads['sentence']>;

/** Names of the inputs that the sentence encoder makes. */
type EncodedNames = Exclude<SentenceReads['by'], 'mechanism'>;

/** How an exhibit reads what the sentence encoder makes. */
export type EncodedReads = SentenceReads & { by: EncodedNames };

/** What the settings take of it, with those that suit it where nobody chose others. */
export async function fittedInput(
  { settle }: Pick<SentenceReads, 'settle'>,
  given: GivenInput,
  config: Experiment['config'],
  limits: Record<string, number>,
): Promise<GivenInput> {
  return settle ? { ...given, ...(await settle({ tensors: given.tensors, config, limits })) } : given;
}

/**
 * What is read: an exhibit that reads no sentences runs on random input, and its set-up panel says so. Before its view is here, as it was
 * asked for.
 */
export function inputKindOf(
  { input }: Pick<Experiment, 'input'>,
  view: Pick<MechanismView, 'reads'> | undefined,
): Experiment['input'] {
  return input === 'sentence' && view && !view.reads?.sentence ? 'random' : input;
}

/** @throws EngineError bad-input, and internal where the mechanism does not read what its exhibit says it does */
export function readByMechanism(mechanism: Mechanism, text: string): GivenInput {
  if (!mechanism.readText) throw new EngineError('internal', `${mechanism.title} reads no text`);
  const { inputs, tokens } = mechanism.readText(text);
  return { tensors: inputs, tokens: { query: tokens, key: tokens } };
}

/** Token ids as the sentence encoder takes them. @throws EngineError bad-input for no words; spaces alone, too, have tokens */
export function idsOf(tokens: readonly { id: number }[], text: string): Tensor {
  const value = text.trim();
  if (tokens.length === 0 || value === '') {
    throw new EngineError('bad-input', 'The sentence is empty: type at least one word', { field: 'sentence', value });
  }
  return { dtype: 'i32', shape: [tokens.length], data: Int32Array.from(tokens, ({ id }) => id) };
}

/** The encoder's q, k and v under the mechanism's names; null where one is not there. */
export function encodedInputs(
  { query, key, value }: EncodedNames,
  { q, k, v }: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> | null {
  return q && k && v ? { [query]: q, [key]: k, [value]: v } : null;
}
