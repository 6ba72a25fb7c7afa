// What a numerical trap did in a run: where the running product fell out of range, and which states are no numbers. All recorded.

import { type SelectiveScanConfig, trapOf as trapOfRun } from '#gpu/mechanisms/selective-scan/config.ts';
import { tablesOf } from '#gpu/trace/held.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { settingsOf } from './scan-run.ts';

export const trapOf = ({ variant, config }: Recording) => trapOfRun(variant, config as unknown as SelectiveScanConfig);

/** Smallest normal f32: below it digits go, then the value. */
const SMALLEST = 2 ** -126;
/** What the guarded quotient adds to its divisor. */
const GUARD = 1e-12;

export interface RunningProduct {
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

/** Null where the run keeps no running product, or recorded none. */
export function runningProductOf(recording: Recording): RunningProduct | null {
  const trap = trapOf(recording);
  if (trap !== 'quotient' && trap !== 'guarded-quotient') return null;
  const bound = trap === 'quotient' ? SMALLEST : GUARD;
  const chains = new Set<string>();
  let [first, least, notFinite, rows] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  for (const { table, value, coordinates } of tablesOf(recording.trace, 'product', [
    'batch',
    'channel',
    'state',
    'time',
  ])) {
    const [product, h] = [value[0]!.values, table.columns[table.values.indexOf('h')]!];
    rows += product.length;
    for (let i = 0; i < product.length; i++) {
      if (!Number.isFinite(h[i]!)) notFinite++;
      least = Math.min(least, product[i]!);
      if (product[i]! >= bound) continue;
      const [batch, channel, state, time] = coordinates.map((column) => column![i]!);
      first = Math.min(first, time!);
      chains.add(`${batch} ${channel} ${state}`);
    }
  }
  if (rows === 0) return null;
  const { batch, dim, dstate } = settingsOf(recording);
  return {
    bound,
    least,
    notFinite,
    recorded: rows,
    below: chains.size,
    first: Number.isFinite(first) ? first : null,
    chains: batch * dim * dstate,
  };
}
