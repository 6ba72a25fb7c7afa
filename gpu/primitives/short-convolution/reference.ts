// A short causal convolution by its definition, in float64: the text is put together, then every output is a sum over the filter.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface ShortConvolutionConfig {
  /** Sequences. */
  batch: number;
  /** Rows of this run. */
  tokens: number;
  channels: number;
  /** Taps of a filter. */
  width: number;
  /** Tokens of the text before this run. */
  position: number;
  /** The weight is [channels, width], its last tap being the present row's; else [width, channels], tap s for s rows back. */
  newestLast: boolean;
  activation: 'none' | 'silu';
  hasBias: boolean;
}

/** @returns out, and past after the run as new_past */
export function reference(
  config: ShortConvolutionConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): Record<'out' | 'new_past', ReferenceTensor> {
  const { batch, tokens, channels, width, position, newestLast, activation, hasBias } = config;
  const { x, weight, past } = inputs as Record<'x' | 'weight' | 'past', Tensor>;
  const kept = width - 1;
  const out = new Float64Array(batch * tokens * channels);
  const after = new Float64Array(batch * kept * channels);
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let c = 0; c < channels; c++) {
      const before = Array.from({ length: kept }, (_, i) =>
        i < kept - position ? 0 : past.data[(sequence * kept + i) * channels + c]!,
      );
      const fresh = Array.from({ length: tokens }, (_, row) => x.data[(sequence * tokens + row) * channels + c]!);
      const text = [...before, ...fresh];
      for (let row = 0; row < tokens; row++) {
        let sum = hasBias ? inputs.bias!.data[c]! : 0;
        for (let s = 0; s < width; s++) {
          const tap = newestLast ? c * width + (width - 1 - s) : s * channels + c;
          sum += weight.data[tap]! * text[kept + row - s]!;
        }
        out[(sequence * tokens + row) * channels + c] = activation === 'silu' ? sum / (1 + Math.exp(-sum)) : sum;
      }
      text.slice(-kept).forEach((value, i) => {
        after[(sequence * kept + i) * channels + c] = value;
      });
    }
  }
  return {
    out: { shape: [batch, tokens, channels], data: out },
    new_past: { shape: [batch, kept, channels], data: after },
  };
}
