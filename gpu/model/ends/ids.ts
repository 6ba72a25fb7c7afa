// The way in of a text: every token is a number of a table's row. Characters, bytes and pieces differ in who makes the numbers.

import { z } from '../../core/schema.ts';
import { embedding } from '../../primitives/embedding/embedding.ts';
import type { Constant, PartKind } from '../part.ts';

interface IdsKeys {
  vocabulary: number;
}

/** Sinusoidal positions of the paper: sines on even channels, cosines on odd ones. Source: Vaswani et al. 2017, section 3.5. */
function sinusoids(context: number, width: number): number[] {
  return Array.from({ length: context * width }, (_, index) => {
    const [position, channel] = [Math.floor(index / width), index % width];
    const angle = position / 10_000 ** ((2 * Math.floor(channel / 2)) / width);
    return channel % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}

const hasTable = ({ kind }: { kind: string }) => kind === 'learned' || kind === 'sinusoidal';

const ids = (kind: string, title: string, summary: string, most: number): PartKind<IdsKeys> => ({
  kind,
  title,
  summary,
  keys: z.strictObject({ vocabulary: z.int().check(z.gte(2), z.lte(most)) }),
  isCausal: () => true,
  inputs: (_keys, { context }) => ({
    ids: { axes: ['token'], shape: [context], dtype: 'i32', title: 'which row of the table each token is' },
  }),
  weights: ({ vocabulary }, { width, context, positions }) => ({
    embedding: { axes: ['word', 'channel'], shape: [vocabulary, width], title: 'a row for every token there is' },
    ...(positions.kind === 'learned' && {
      positions: { axes: ['place', 'channel'], shape: [context, width], title: 'a row for every position' },
    }),
  }),
  constants: (_keys, { width, context, positions }): Record<string, Constant> =>
    positions.kind === 'sinusoidal'
      ? { positions: { axes: ['place', 'channel'], shape: [context, width], values: sinusoids(context, width) } }
      : {},
  compile({ vocabulary }, { width, context, positions }, to, limits) {
    const hasPositions = hasTable(positions);
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
  reference(_keys, { width, context, positions }, weights, x) {
    const table = positions.kind === 'learned' ? weights.positions! : sinusoids(context, width);
    const out = new Float64Array(x.length * width);
    for (let row = 0; row < x.length; row++) {
      for (let c = 0; c < width; c++) {
        const place = hasTable(positions) ? table[row * width + c]! : 0;
        out[row * width + c] = weights.embedding![x[row]! * width + c]! + place;
      }
    }
    return out;
  },
  cost: () => ({ multiplies: () => 0 }),
});

export const characters = ids('characters', 'Characters', 'A text, character by character.', 65_536);
export const bytes = ids('bytes', 'Bytes', 'A text as the bytes that it is stored as.', 256);
export const pieces = ids('pieces', 'Pieces', 'A text in pieces of words, as a tokenizer cuts it.', 262_144);
