// The configuration of attention: its schema, its units, and how sizes follow from the inputs. A resolved config names every size.

import { parseConfig } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import { formSchema, type KernelForm, type Tuning, tuningSchema } from '../../plan/kernel-form.ts';
import type { Config } from '../mechanism.ts';
import { patternMask, patterns } from './patterns.ts';
import { readSizes } from './sizes.ts';
import { defaultTiles } from './tiles.ts';

/** Largest row count and window; keeps every signed index in the kernels below 2³¹. */
const MOST_ROWS = 2 ** 24;
/** Rows of queries or keys that one tile can have. */
export const MOST_TILE_ROWS = 1024;

const count = (most: number) => z.optional(z.int().check(z.gte(1), z.lte(most)));
const rows = z.optional(z.int().check(z.gte(0), z.lte(MOST_ROWS)));
const window = z._default(z.int().check(z.gte(-1), z.lte(MOST_ROWS)), -1);
const lengths = z.optional(z.array(z.int().check(z.gte(0), z.lte(MOST_ROWS))).check(z.minLength(1)));

export const attentionSchema = z.strictObject({
  /** Sequences. */
  batch: count(65535),
  /** Query heads. */
  heads: count(65535),
  /** Key heads; must divide `heads`. Query head h reads key head ⌊h / (heads / kvHeads)⌋. */
  kvHeads: count(65535),
  /** Query rows of a sequence (of the longest one, when packed). */
  nq: rows,
  /** Key rows of a sequence (of the longest one, when packed). */
  nk: rows,
  headDim: count(128),
  /** Sequences lie one after the other, as `cu_seqlens_*` describe; else each has nq and nk rows of room. */
  packed: z.optional(z.boolean()),
  /** Rows in use of each sequence; the rest of its room is padding. All rows by default. */
  seqlensQ: lengths,
  seqlensK: lengths,
  /** Query i sees no key after i + keys − queries; the same as windowRight 0, which it overrides. */
  causal: z._default(z.boolean(), false),
  /** Keys visible before the diagonal that ends in the bottom-right corner; −1 unlimited. */
  windowLeft: window,
  /** Keys visible after it; −1 unlimited. */
  windowRight: window,
  /** Scores become softcap · tanh(score / softcap); 0 off. */
  softcap: z._default(z.number().check(z.gte(0), z.lte(1e6)), 0),
  /** Factor of the scores; 1/√headDim by default. */
  scale: z.optional(z.number().check(z.gte(-1e6), z.lte(1e6))),
  /** Query rows per tile. */
  br: count(MOST_TILE_ROWS),
  /** Key rows per tile. */
  bc: count(MOST_TILE_ROWS),
  /** Which kernel flash-v2-tuned runs; by the adapter when absent or 'auto'. */
  form: formSchema,
  /** Values for the `@tune` constants of that kernel, as autotune found them; its defaults where absent. */
  tuning: tuningSchema,
  /** Rows and columns of scores that one entry of the block mask covers; br and bc by default. */
  blockRows: count(MOST_ROWS),
  blockCols: count(MOST_ROWS),
  /** A named block mask; `blockmask` and the input of that name come before it. */
  pattern: z.optional(z.enum(patterns)),
  /** Row-major 0/1, [⌈nq / blockRows⌉, ⌈nk / blockCols⌉], shared by all sequences and heads. Absent: nothing is masked. */
  blockmask: z.optional(z.array(z.union([z.literal(0), z.literal(1)]))),
});

/** A config whose every size is known. */
export interface AttentionConfig extends Config {
  batch: number;
  heads: number;
  kvHeads: number;
  nq: number;
  nk: number;
  headDim: number;
  packed: boolean;
  /** [batch] each; filled in also where all sequences are whole. */
  seqlensQ: number[];
  seqlensK: number[];
  causal: boolean;
  windowLeft: number;
  windowRight: number;
  softcap: number;
  scale: number;
  br: number;
  bc: number;
  blockRows: number;
  blockCols: number;
  blockmask?: (0 | 1)[];
  form?: KernelForm | 'auto';
  tuning?: Tuning;
}

/** What came out of here needs no second look: lists of 65,535 lengths are read for milliseconds, and plans and closed forms are asked often. */
const resolved = new WeakSet<object>();

/**
 * Parses `raw`, takes the sizes from the inputs when there are some, and fills in the rest. Resolving a resolved config changes
 * nothing.
 *
 * @throws EngineError bad-config naming the key, its value and the limit; shape-mismatch where a key contradicts an input;
 *   bad-input for inputs that contradict each other
 */
export function resolveConfig(raw: object, inputs?: Record<string, Tensor>): AttentionConfig {
  if (!inputs && resolved.has(raw)) return raw as AttentionConfig;
  const { pattern, ...keys } = parseConfig(attentionSchema, raw);
  const sizes = readSizes(keys, inputs);
  if (sizes.heads % sizes.kvHeads !== 0) {
    throw new EngineError('bad-config', `kvHeads ${sizes.kvHeads} does not divide heads ${sizes.heads}`, {
      field: 'kvHeads',
      value: sizes.kvHeads,
      limit: `a divisor of ${sizes.heads}`,
    });
  }
  const tiles = defaultTiles(sizes.headDim);
  const br = keys.br ?? tiles.br;
  const bc = keys.bc ?? tiles.bc;
  const config: AttentionConfig = {
    ...keys,
    ...sizes,
    br,
    bc,
    blockRows: keys.blockRows ?? br,
    blockCols: keys.blockCols ?? bc,
    windowRight: keys.causal ? 0 : keys.windowRight,
    scale: keys.scale ?? 1 / Math.sqrt(sizes.headDim),
  };
  const blockmask = chooseMask(config, keys.blockmask, pattern, inputs?.blockmask);
  if (blockmask) config.blockmask = blockmask;
  resolved.add(config);
  return config;
}

/** A block mask is a list with an entry for every block: 1,024 × 1,024 of them at most. */
const MOST_BLOCKS = 2 ** 20;

/**
 * [block rows, block columns] of the mask.
 *
 * @throws EngineError bad-config for more blocks than a mask may have: asked before one is made
 */
export function maskShape({ nq, nk, blockRows, blockCols }: AttentionConfig): [number, number] {
  const [rows, columns] = [Math.ceil(nq / blockRows), Math.ceil(nk / blockCols)];
  if (rows * columns <= MOST_BLOCKS) return [rows, columns];
  const message = `a block mask of ${rows} × ${columns} blocks is not taken; it may have ${MOST_BLOCKS}: choose larger blocks`;
  throw new EngineError('bad-config', message, {
    field: 'blockmask',
    value: rows * columns,
    limit: `${MOST_BLOCKS} blocks`,
  });
}

function chooseMask(
  config: AttentionConfig,
  key: (0 | 1)[] | undefined,
  pattern: (typeof patterns)[number] | undefined,
  input: Tensor | undefined,
): (0 | 1)[] | undefined {
  if (!input && !key && !pattern) return undefined;
  const shape = maskShape(config);
  if (input) {
    if (input.shape.length !== 2 || input.shape.some((extent, axis) => extent !== shape[axis])) {
      const limit = `[${shape.join(', ')}], blocks of ${config.blockRows} × ${config.blockCols}`;
      throw new EngineError(
        'shape-mismatch',
        `blockmask: shape [${input.shape.join(', ')}] was given, needed ${limit}`,
        {
          field: 'blockmask',
          value: input.shape,
          limit: shape,
        },
      );
    }
    return Array.from(input.data, (entry) => (entry === 0 ? 0 : 1));
  }
  if (key && key.length !== shape[0] * shape[1]) {
    throw new EngineError('bad-config', `blockmask has ${key.length} entries, needed ${shape.join(' × ')}`, {
      field: 'blockmask',
      value: key.length,
      limit: shape,
    });
  }
  return key ?? (pattern && patternMask(pattern, config, shape));
}
