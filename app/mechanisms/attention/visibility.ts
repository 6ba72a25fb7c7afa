// Which keys each query may see: the mask the person set, as a picture. It counts nothing and measures nothing; the tiles that were
// visited come from the recording, and this is what they are held against.

import type { Config } from '#gpu/mechanisms/mechanism.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { numberOf } from './settings.ts';

/** Sizes and mask of one sequence of the batch. */
export interface SequenceMask {
  /** Rows and keys of this sequence (shorter than the tensor's axis where lengths vary). */
  rows: number;
  keys: number;
  /** Per row: first visible key and one past the last; equal where the row sees none. */
  from: Uint32Array;
  to: Uint32Array;
  /** Painted block mask; a closed block hides its keys from its rows. */
  blocks?: { rows: number; columns: number; blockRows: number; blockColumns: number; open: Uint8Array };
}

function lengthOf(config: Config, key: string, batch: number, otherwise: number): number {
  const lengths = config[key];
  return Array.isArray(lengths) && typeof lengths[batch] === 'number' ? lengths[batch] : otherwise;
}

/** Queries and keys of sequence `batch`. */
export function sequenceExtent(config: Config, batch: number): { rows: number; keys: number } {
  return {
    rows: lengthOf(config, 'seqlensQ', batch, numberOf(config, 'nq', 0)),
    keys: lengthOf(config, 'seqlensK', batch, numberOf(config, 'nk', 0)),
  };
}

const masks = new WeakMap<Recording, Map<number, SequenceMask>>();

/** The mask of sequence `batch`: bottom-right causal, windows, lengths, painted blocks. Made once per recording. */
export function sequenceMask(recording: Recording, batch: number): SequenceMask {
  let known = masks.get(recording);
  if (!known) {
    known = new Map();
    masks.set(recording, known);
  }
  const mask = known.get(batch) ?? makeMask(recording, batch);
  known.set(batch, mask);
  return mask;
}

function makeMask(recording: Recording, batch: number): SequenceMask {
  const { config } = recording;
  const { rows, keys } = sequenceExtent(config, batch);
  const windowLeft = numberOf(config, 'windowLeft', -1);
  const windowRight = config.causal === true ? 0 : numberOf(config, 'windowRight', -1);
  const shift = keys - rows;
  const from = new Uint32Array(rows);
  const to = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const last = windowRight < 0 ? keys : Math.min(keys, Math.max(0, row + shift + windowRight + 1));
    const first = windowLeft < 0 ? 0 : Math.max(0, row + shift - windowLeft);
    from[row] = Math.min(first, last);
    to[row] = last;
  }
  const blocks = paintedBlocks(recording);
  return blocks ? { rows, keys, from, to, blocks } : { rows, keys, from, to };
}

/** The painted mask, where the kernels of this run take one. */
function paintedBlocks({ config, plan, inputs }: Recording): SequenceMask['blocks'] {
  if (!plan.buffers.some(({ name }) => name === 'blockmask')) return undefined;
  const entries = inputs.blockmask?.data ?? (Array.isArray(config.blockmask) ? (config.blockmask as number[]) : null);
  if (!entries) return undefined;
  const blockRows = numberOf(config, 'blockRows', numberOf(config, 'br', 1));
  const blockColumns = numberOf(config, 'blockCols', numberOf(config, 'bc', 1));
  return {
    rows: Math.ceil(numberOf(config, 'nq', 0) / blockRows),
    columns: Math.ceil(numberOf(config, 'nk', 0) / blockColumns),
    blockRows,
    blockColumns,
    open: Uint8Array.from(entries, (value) => (value === 0 ? 0 : 1)),
  };
}

const hiding = new WeakMap<SequenceMask, Uint8Array>();

/** Of every element, row-major [rows, keys]: 1 where the mask hides the key from the row. Made once for a mask. */
export function hiddenElements(mask: SequenceMask): Uint8Array {
  const known = hiding.get(mask);
  if (known) return known;
  const { rows, keys } = mask;
  const hidden = Uint8Array.from({ length: rows * keys }, (_, at) => {
    const [row, key] = [Math.floor(at / keys), at % keys];
    return seesAny(mask, row, row + 1, key, key + 1) ? 0 : 1;
  });
  hiding.set(mask, hidden);
  return hidden;
}

/** Does any row of [q0, q1) see any key of [k0, k1)? */
export function seesAny(mask: SequenceMask, q0: number, q1: number, k0: number, k1: number): boolean {
  for (let row = q0; row < Math.min(q1, mask.rows); row++) {
    const from = Math.max(mask.from[row]!, k0);
    const to = Math.min(mask.to[row]!, k1);
    if (from >= to) continue;
    if (!mask.blocks) return true;
    const { blockRows, blockColumns, columns, open } = mask.blocks;
    const blockRow = Math.floor(row / blockRows);
    for (let column = Math.floor(from / blockColumns); column * blockColumns < to; column++) {
      if (open[blockRow * columns + column]) return true;
    }
  }
  return false;
}
