// What fusing saves, told in the elements that both runs counted.

import type { Recording } from '../../exhibit/recording.ts';
import { exactText, plural } from '../../words/quantities.ts';

/** What only the unfused scan puts into memory. */
const MATERIALISED = ['a_bar', 'b_bar_u', 'states'];

const storageTotals = ({ trace }: Recording) => {
  const storage = new Set(trace.buffers.filter(({ space }) => space === 'storage').map(({ name }) => name));
  return trace.totals.filter(({ buffer }) => storage.has(buffer));
};

const elements = (recording: Recording, wanted: (buffer: string) => boolean = () => true) =>
  storageTotals(recording)
    .filter(({ buffer }) => wanted(buffer))
    .reduce((sum, { loads, stores }) => sum + loads + stores, 0);

/** Bytes that Ā, B̄u and h moved: each is written and read back. */
export function materialisedBytes(recording: Recording): number {
  return storageTotals(recording)
    .filter(({ buffer }) => MATERIALISED.includes(buffer))
    .reduce((sum, { loadBytes, storeBytes }) => sum + loadBytes + storeBytes, 0);
}

/** The fused and the unfused run side by side, in elements; null where they are not both there. */
export function fusingRemark(recording: Recording, others: readonly Recording[]): string | null {
  const runs = [recording, ...others];
  const fused = runs.find(({ variant }) => variant === 'sequential');
  const unfused = runs.find(({ variant }) => variant === 'unfused');
  if (!fused || !unfused) return null;
  const [few, many] = [elements(fused), elements(unfused)];
  const kept = elements(unfused, (buffer) => MATERIALISED.includes(buffer));
  const isSignal = (buffer: string) => buffer === 'u';
  const again = elements(unfused, isSignal) - elements(fused, isSignal);
  const times = (count: number) => `${(count / few).toFixed(1)} times`;
  const whole = `Fused, the scan moved ${exactText(few)} elements; unfused ${exactText(many)}, ${times(many)} as many, ${exactText(kept)} of them Ā, B̄u and h.`;
  if (again <= 0) return whole;
  return `${whole} Without the second reading of u for the skip connection (${plural(again, 'element')}) it would be ${times(many - again)}.`;
}
