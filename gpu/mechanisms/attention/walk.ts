// Which tiles a closed form looks at. What is alike is looked at once: sequences of the same lengths, and query tiles that no window tells
// apart. What is left to look at one by one is bounded, for sizes come from links and files, and nothing may be counted for minutes.

import { EngineError } from '../../core/errors.ts';
import type { AttentionConfig } from './config.ts';
import { type QueryTile, queryTileCount, queryTiles } from './geometry.ts';

/** Tiles of one head that are looked at one by one, over all sequences: some tens of milliseconds. */
const MOST_WALKED = 2 ** 18;

/** @throws EngineError limit-exceeded at the first step beyond */
export class Walk {
  private walked = 0;

  constructor(private readonly variant: string) {}

  /** Said before that many tiles are looked at. */
  take(tiles: number): void {
    this.walked += tiles;
    if (this.walked <= MOST_WALKED) return;
    const message = `${this.variant} has ${this.walked} tiles or more that differ; at most ${MOST_WALKED} are counted`;
    throw new EngineError('limit-exceeded', message, { field: 'br, bc', value: this.walked, limit: MOST_WALKED });
  }

  /** Query tiles, each kind once with how many there are: one where it does not say. */
  *kinds(config: AttentionConfig, queries: number, keys: number): Generator<QueryTile & { alike?: number }> {
    const { br, windowLeft, windowRight } = config;
    const all = queryTileCount(config, queries);
    const whole = Math.floor(queries / br);
    if (windowLeft >= 0 || windowRight >= 0) {
      this.take(all);
      yield* queryTiles(config, 0, all, queries, keys);
      return;
    }
    if (whole > 0) for (const tile of queryTiles(config, 0, 1, queries, keys)) yield { ...tile, alike: whole };
    yield* queryTiles(config, whole, all, queries, keys);
  }
}

/** Queries and keys of the sequences, each pair of lengths once with how many there are. */
export function sequenceKinds({ seqlensQ, seqlensK }: AttentionConfig) {
  const [queries = 0, keys = 0] = [seqlensQ[0], seqlensK[0]];
  if (seqlensQ.every((length) => length === queries) && seqlensK.every((length) => length === keys))
    return [{ queries, keys, alike: seqlensQ.length }];
  const kinds = new Map<string, { queries: number; keys: number; alike: number }>();
  seqlensQ.forEach((queries, sequence) => {
    const keys = seqlensK[sequence]!;
    const kind = kinds.get(`${queries} ${keys}`);
    if (kind) kind.alike += 1;
    else kinds.set(`${queries} ${keys}`, { queries, keys, alike: 1 });
  });
  return kinds.values();
}
