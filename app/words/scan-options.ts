// The choices that scans have in common, in words: links and kernels know them by their codes.

export const MODES_SAID: Readonly<Record<string, string>> = {
  s6: 'computed from each token (S6)',
  s4: 'the same for all tokens (S4)',
};

export const MAPS_SAID: Readonly<Record<string, string>> = {
  euler: 'Δ · B (Euler)',
  zoh: 'zero-order hold',
};
