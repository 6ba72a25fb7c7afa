// public/models/sentence-encoder/manifest.json: what the other files hold and how to check them. Written by
// scripts/convert-encoder.mjs.

import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import { count, fileFacts, readJson, tensorFacts } from '../manifest-file.ts';

const schema = z.object({
  format: z.literal(1),
  id: z.literal('sentence-encoder'),
  title: z.string(),
  licence: z.string(),
  source: z.object({ package: z.string(), version: z.string(), origin: z.string() }),
  model: z.object({
    vocabularySize: count,
    width: count,
    heads: count,
    headDim: count,
    /** Added to the variance before its root is taken. */
    normEpsilon: z.number().check(z.positive()),
    /** What the package multiplies q with before q·k; equal to 1/√headDim, attention's own default. */
    queryScale: z.number().check(z.positive()),
    /** The package drops the tokens from this one on (128). */
    clipTokens: count,
  }),
  weights: z.object({
    ...fileFacts,
    encoding: z.literal('zlib-f32-byte-planes'),
    ...tensorFacts,
  }),
  vocabulary: z.object({ ...fileFacts, reserved: z.int().check(z.gte(1)) }),
});

export type EncoderManifest = z.infer<typeof schema>;

/** @throws EngineError bad-file naming the first member that is wrong */
export const parseManifest = (text: string): EncoderManifest => readJson('manifest.json', text, schema);

// Seven pieces with a colon have the score null in the package, which its sums take as 0: they always win.
const score = z.pipe(
  z.nullable(z.number()),
  z.transform((value) => value ?? 0),
);
const vocabularySchema = z.array(z.tuple([z.string(), score]));

/** [piece, log probability] by token id. @throws EngineError bad-file */
export function parseVocabulary(text: string, size: number): [string, number][] {
  try {
    const pieces = vocabularySchema.parse(JSON.parse(text));
    if (pieces.length === size) return pieces;
    throw new EngineError('bad-file', `vocab.json holds ${pieces.length} pieces, the manifest says ${size}`, {
      field: 'vocab.json',
      value: pieces.length,
      limit: size,
    });
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError('bad-file', 'vocab.json is not a list of [piece, score]', { field: 'vocab.json' });
  }
}
