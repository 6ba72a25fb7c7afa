// Narrow storage of count arrays. Touch maps are long and their values small (a score matrix is written once and read once), so
// they are kept with as many bits as the largest count needs, and a constant map with none.

export interface NarrowForm {
  /** Number of values. */
  length: number;
  /** 0: every value is `constant`, and there is no column. */
  bits: 0 | 8 | 16 | 32;
  constant?: number;
}

/** @returns how the values are kept, and the packed words (little-endian within a word) */
export function narrow(values: Uint32Array): { form: NarrowForm; column?: Uint32Array } {
  const { length } = values;
  let largest = 0;
  let same = true;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    if (value > largest) largest = value;
    if (value !== values[0]) same = false;
  }
  if (same) return { form: { length, bits: 0, constant: values[0] ?? 0 } };
  if (largest > 0xffff) return { form: { length, bits: 32 }, column: values };
  const bits = largest > 0xff ? 16 : 8;
  const perWord = 32 / bits;
  const column = new Uint32Array(Math.ceil(length / perWord));
  for (let i = 0; i < length; i++) column[Math.floor(i / perWord)]! |= values[i]! << (bits * (i % perWord));
  return { form: { length, bits }, column };
}

/** The inverse of `narrow`. */
export function widen(form: NarrowForm, column: Uint32Array | undefined): Uint32Array {
  if (form.bits === 32) return column!;
  const values = new Uint32Array(form.length);
  if (form.bits === 0) return values.fill(form.constant ?? 0);
  const perWord = 32 / form.bits;
  const mask = 2 ** form.bits - 1;
  for (let i = 0; i < form.length; i++)
    values[i] = (column![Math.floor(i / perWord)]! >>> (form.bits * (i % perWord))) & mask;
  return values;
}
