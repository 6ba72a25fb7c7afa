// A perceptually uniform scale from dark blue to yellow that reads the same with and without colour-vision deficiency.
// Source: Nuñez, Anderton & Renslow 2018 (doi:10.1371/journal.pone.0199239), as the polynomial fit of d3-scale-chromatic (ISC).

/** Coefficients of red, green and blue by rising power. */
const FIT: readonly (readonly number[])[] = [
  [-4.54, -35.34, 2381.73, -6402.7, 7024.72, -2710.57],
  [32.49, 170.73, 52.82, -131.46, 176.58, -67.37],
  [81.24, 442.36, -2482.43, 6167.24, -6614.94, 2475.67],
];

/** `share` 0 … 1, clamped. */
export function cividis(share: number): `rgb(${string})` {
  const t = Math.min(Math.max(share, 0), 1);
  const channels = FIT.map((factors) => {
    const value = factors.reduceRight((sum, factor) => sum * t + factor, 0);
    return Math.round(Math.min(Math.max(value, 0), 255));
  });
  return `rgb(${channels.join(' ')})`;
}
