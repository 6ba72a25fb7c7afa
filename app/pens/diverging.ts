// A diverging scale for signed values: blue below zero, orange above, pale at zero in both themes; equal steps of share are about
// equal steps of lightness, and the two arms stay apart with colour-vision deficiency.

const ARMS = {
  negative: [
    [232, 236, 240],
    [120, 170, 214],
    [0, 82, 148],
  ],
  positive: [
    [240, 235, 228],
    [230, 164, 92],
    [158, 66, 0],
  ],
} as const;

/** `share` −1 … 1, clamped. */
export function diverging(share: number): `rgb(${string})` {
  const [low, middle, high] = share < 0 ? ARMS.negative : ARMS.positive;
  const t = Math.min(Math.abs(share), 1) * 2;
  const [from, to, part] = t < 1 ? [low, middle, t] : [middle, high, t - 1];
  const channels = from.map((value, i) => Math.round(value + (to[i]! - value) * part));
  return `rgb(${channels.join(' ')})`;
}
