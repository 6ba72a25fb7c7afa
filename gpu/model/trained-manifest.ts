// manifest.json and card.json of a model trained for this project: what was trained on what, and what it was measured to do. Written by
// scripts/train/export.py.

import { EngineError } from '../core/errors.ts';
import { z } from '../core/schema.ts';
import { elementCount } from '../core/tensor.ts';
import { fileFacts, readJson, tensorFacts } from './manifest-file.ts';
import { trainedConfig } from './trained-config.ts';

const sum = z.string().check(z.regex(/^[0-9a-f]{64}$/));

const manifestSchema = z.strictObject({
  format: z.literal(1),
  id: z.string().check(z.regex(/^[a-z0-9-]+$/)),
  title: z.string(),
  licence: z.string(),
  source: z.strictObject({ package: z.string(), version: z.string(), sha256: z.record(z.string(), sum) }),
  command: z.string(),
  seed: z.int(),
  model: trainedConfig,
  /** Token number → character, for models of characters. */
  alphabet: z.optional(z.string()),
  /** Names of the classes, where they are not digits. */
  classes: z.optional(z.array(z.string())),
  weights: z.strictObject({ ...fileFacts, encoding: z.literal('zlib-f16-byte-planes'), ...tensorFacts }),
});

export type TrainedManifest = z.infer<typeof manifestSchema>;

/** @throws EngineError bad-file naming the first member that is wrong, or the first tensor out of its place */
export function parseTrainedManifest(text: string): TrainedManifest {
  const manifest = readJson('manifest.json', text, manifestSchema);
  const { weights, model, alphabet } = manifest;
  refuseGaps(weights);
  const signs = model.tokens.kind === 'characters' ? model.tokens.vocabulary : alphabet?.length;
  if (alphabet?.length !== signs || new Set(alphabet).size !== (alphabet?.length ?? 0)) {
    const facts = { field: 'manifest.json: alphabet', value: alphabet?.length, limit: signs };
    throw new EngineError('bad-file', `manifest.json: the alphabet is not ${signs} different characters`, facts);
  }
  return manifest;
}

/** Every element belongs to exactly one tensor, and every name stands once. */
function refuseGaps({ elements, tensors }: TrainedManifest['weights']): void {
  const names = new Set<string>();
  let end = 0;
  for (const { name, shape, offset } of tensors) {
    const field = `manifest.json: ${name}`;
    if (names.has(name)) throw new EngineError('bad-file', `${field} stands twice`, { field });
    names.add(name);
    if (offset !== end) {
      const message = `${field} starts at ${offset}, where the one before it ends at ${end}`;
      throw new EngineError('bad-file', message, { field, value: offset, limit: end });
    }
    end += elementCount(shape);
  }
  if (end === elements) return;
  const facts = { field: 'manifest.json: weights.elements', value: elements, limit: end };
  throw new EngineError('bad-file', `manifest.json: the tensors hold ${end} elements, not ${elements}`, facts);
}

const interval = z.tuple([z.number(), z.number()]);
const named = { name: z.string(), value: z.number() };

const cardSchema = z.strictObject({
  format: z.literal(1),
  id: z.string(),
  title: z.string(),
  seed: z.int(),
  data: z.strictObject({
    name: z.string(),
    licence: z.string(),
    trained: z.int(),
    heldOut: z.int(),
    unit: z.string(),
    heldOutPart: z.string(),
  }),
  task: z.string(),
  metric: z.enum(['bits per character', 'accuracy']),
  better: z.enum(['lower', 'higher']),
  parameters: z.int(),
  /** 95 % interval: of paragraphs or speeches drawn with replacement, or Wilson's. */
  result: z.strictObject({
    value: z.number(),
    interval,
    items: z.int(),
    resampled: z.string(),
    seeds: z.int(),
  }),
  baselines: z.array(z.strictObject(named)).check(z.minLength(1)),
  /** Result minus the best baseline, item by item. */
  againstBest: z.optional(z.strictObject({ name: z.string(), difference: z.number(), interval })),
  training: z.strictObject({
    steps: z.int(),
    samples: z.int(),
    sampleKind: z.string(),
    optimiser: z.record(z.string(), z.union([z.string(), z.number()])),
    cpuMinutes: z.number(),
    threads: z.literal(1),
    date: z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/)),
    versions: z.record(z.string(), z.string()),
  }),
  /** What the model must not be used to claim. */
  limits: z.array(z.string()).check(z.minLength(1)),
  measured: z.literal(true),
});

export type TrainedCard = z.infer<typeof cardSchema>;

/** @throws EngineError bad-file naming the first member that is wrong */
export const parseCard = (text: string): TrainedCard => readJson('card.json', text, cardSchema);
