// What a numerical trap did in a run: where the running product fell out of range, and which states are no numbers. All recorded.

import { type SelectiveScanConfig, trapOf as trapOfRun } from '#gpu/mechanisms/selective-scan/config.ts';
import { rowsOf, tablesWith } from '#gpu/trace/record-rows.ts';
import type { Recording } from '../../exhibit/recording.ts';

export const trapOf = ({ variant, config }: Recording) => trapOfRun(variant, config as unknown as SelectiveScanConfig);

/** Smallest normal f32: below it digits go, then the value. */
const SMALLEST = 2 ** -126;
/** What the guarded quotient adds to its divisor. */
const GUARD = 1e-12;

export interface QuotientFacts {
  /** P below this is lost. */
  bound: number;
  /** Time step at which the first product fell below the bound; null while none has. */
  first: number | null;
  /** Smallest product of the run. */
  least: number;
  /** States (of all channels) whose product ended below the bound, and how many there are. */
  below: number;
  chains: number;
  /** Recorded values of h that are NaN or ±∞, of all that were recorded. */
  notFinite: number;
  recorded: number;
}

/** Null where the run keeps no running product. */
export function quotientFacts(recording: Recording): QuotientFacts | null {
  const trap = trapOf(recording);
  if (trap !== 'quotient' && trap !== 'guarded-quotient') return null;
  const bound = trap === 'quotient' ? SMALLEST : GUARD;
  const tables = tablesWith(recording.trace, ['h', 'product', 'time', 'state']);
  // Kernels of before counted channels of all sequences as rows.
  const { count, columns } = rowsOf(tables, ['h', 'product', 'time', 'state', 'batch', 'channel', 'row']);
  const [h, product, time] = columns as [Float32Array, Float32Array, Float32Array];
  const chains = new Set<string>();
  let [first, least, notFinite] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(h[i]!)) notFinite++;
    least = Math.min(least, product[i]!);
    if (product[i]! >= bound) continue;
    first = Math.min(first, time[i]!);
    chains.add(
      columns
        .slice(3)
        .map((column) => column[i])
        .join(),
    );
  }
  const { batch, dim, dstate } = recording.config;
  return {
    ...{ bound, least, notFinite, recorded: count, below: chains.size },
    first: Number.isFinite(first) ? first : null,
    chains: Number(batch) * Number(dim) * Number(dstate),
  };
}
