// The way in of a text: every token is a number of a table's row. Characters, bytes and pieces differ in who makes the numbers.

import { z } from '../../core/schema.ts';
import { embedding } from '../../primitives/embedding/embedding.ts';
import type { PartKind } from '../part.ts';
import { hasPlaces, placeConstants, placeTable, placeWeights } from './places.ts';

interface IdsKeys {
  vocabulary: number;
}

const ids = (kind: string, title: string, summary: string, most: number): PartKind<IdsKeys> => ({
  kind,
  title,
  summary,
  keys: z.strictObject({ vocabulary: z.int().check(z.gte(2), z.lte(most)) }),
  isCausal: () => true,
  inputs: (_keys, { context }) => ({
    ids: { axes: ['token'], shape: [context], dtype: 'i32', title: 'which row of the table each token is' },
  }),
  weights: ({ vocabulary }, size) => ({
    embedding: { axes: ['word', 'channel'], shape: [vocabulary, size.width], title: 'a row for every token there is' },
    ...placeWeights(size),
  }),
  constants: (_keys, size) => placeConstants(size),
  compile({ vocabulary }, { width, context, positions }, to, limits) {
    const hasPositions = hasPlaces(positions);
    const lanes = limits.isSoftware === 1 ? 32 : 64;
    to.call('embed', {
      mechanism: embedding,
      variant: 'direct',
      config: { n: context, rows: vocabulary, width, places: context, hasPositions, lanes },
      tensors: {
        ids: { whole: 'ids' },
        table: { own: 'embedding' },
        out: 'y',
        ...(hasPositions && { positions: { own: 'positions' } }),
      },
      runtime: () => ({ params: { first_position: 'position' }, workgroups: [{ of: 'tokens', per: 1 }, null, null] }),
    });
  },
  reference(_keys, size, weights, x) {
    const { width } = size;
    const table = placeTable(size, weights);
    const out = new Float64Array(x.length * width);
    for (let row = 0; row < x.length; row++) {
      for (let c = 0; c < width; c++)
        out[row * width + c] = weights.embedding![x[row]! * width + c]! + table[row * width + c]!;
    }
    return out;
  },
  cost: () => ({ multiplies: () => 0 }),
});

export const characters = ids('characters', 'Characters', 'A text, character by character.', 65_536);
export const bytes = ids('bytes', 'Bytes', 'A text as the bytes that it is stored as.', 256);
export const pieces = ids('pieces', 'Pieces', 'A text in pieces of words, as a tokenizer cuts it.', 262_144);
