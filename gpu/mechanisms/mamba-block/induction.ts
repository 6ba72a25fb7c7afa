// Induction, solved by hand-built weights of a whole Mamba block: a marker stands somewhere in a stream of symbols and once more at
// its end; the answer is the symbol that followed it. Nothing is trained; why it works stands in README.md.

import { EngineError } from '../../core/errors.ts';
import { uniformStream } from '../../core/random.ts';
import { type Tensor, type TensorData, tensor } from '../../core/tensor.ts';

/** A symbol's number, or the marker. */
export type InductionToken = number | 'marker';

export interface InductionSizes {
  batch: number;
  /** Symbols + 2: one channel each, and two for the marker. */
  dim: number;
  seqlen: number;
  dstate: number;
  width: number;
  outDim: number;
}

/** What SiLU leaves of a 1. */
const LEVEL = 1 / (1 + Math.exp(-1));
/** Δ = softplus(−20) ≈ 2·10⁻⁹ keeps the memory; softplus(10) ≈ 10 forgets it (Ā = e⁻¹⁰) and writes anew. */
const BIAS = -20;
const PUSH = 30;
const GATE = 4;

/** The config that a vocabulary of `symbols` needs. */
export const inductionShape = (symbols: number) => ({
  dim: symbols + 2,
  dstate: 1,
  deltaRank: 1,
  width: 2,
  outDim: symbols,
});

/** @throws EngineError bad-config for sizes that are not those of inductionShape */
function requireShape({ dim, dstate, width, outDim, seqlen }: InductionSizes & { deltaRank: number }): void {
  const wanted = inductionShape(outDim);
  for (const [field, value, limit] of [
    ['dim', dim, wanted.dim],
    ['dstate', dstate, wanted.dstate],
    ['width', width, wanted.width],
  ] as const) {
    if (value === limit) continue;
    const message = `the induction block of ${outDim} symbols has ${field} = ${limit}`;
    throw new EngineError('bad-config', message, { field, value, limit });
  }
  if (seqlen < 3) {
    const message = 'a stream has a marker, a symbol and the marker again';
    throw new EngineError('bad-config', message, { field: 'seqlen', value: seqlen, limit: 3 });
  }
}

/** Symbols at random, the marker once with a symbol behind it, and at the end. */
export function randomInduction({ outDim, seqlen }: InductionSizes, next: () => number): InductionToken[] {
  const place = Math.floor(next() * (seqlen - 2));
  return Array.from({ length: seqlen }, (_, t) =>
    t === place || t === seqlen - 1 ? 'marker' : Math.floor(next() * outDim),
  );
}

/** The block's weights and the streams after in_proj: x is one-hot, the gate is open everywhere. */
export function inductionInputs(
  sizes: InductionSizes & { deltaRank: number },
  streams: readonly InductionToken[][],
): Record<string, Tensor> {
  requireShape(sizes);
  const { batch, dim, seqlen, width, outDim } = sizes;
  const [now, before] = [outDim, outDim + 1];
  const xz = new Float32Array(batch * 2 * dim * seqlen);
  streams.forEach((stream, b) => {
    const put = (channel: number, t: number, value: number) => {
      xz[(b * 2 * dim + channel) * seqlen + t] = value;
    };
    stream.forEach((token, t) => {
      if (token === 'marker') {
        put(now, t, 1);
        put(before, t, 1);
      } else {
        put(token, t, 1);
      }
      for (let d = 0; d < dim; d++) put(dim + d, t, GATE);
    });
  });
  const conv = new Float32Array(dim * width);
  // The last tap passes a channel through; the one before it makes "the marker stood one step ago".
  for (let d = 0; d < dim; d++) conv[d * width + width - (d === before ? 2 : 1)] = 1;
  const projection = new Float32Array(3 * dim);
  projection[before] = 1 / LEVEL; // dt
  projection[dim + before] = 1 / LEVEL; // B
  projection[2 * dim + now] = 1 / LEVEL; // C
  const out = new Float32Array(outDim * dim);
  for (let o = 0; o < outDim; o++) out[o * dim + o] = 1;
  const filled = (length: number, value: number) => new Float32Array(length).fill(value);
  return {
    xz: tensor('f32', [batch, 2 * dim, seqlen], xz),
    conv1d_weight: tensor('f32', [dim, 1, width], conv),
    x_proj_weight: tensor('f32', [3, dim], projection),
    delta_proj_weight: tensor('f32', [dim, 1], filled(dim, PUSH)),
    out_proj_weight: tensor('f32', [outDim, dim], out),
    A: tensor('f32', [dim, 1], filled(dim, -1)),
    delta_bias: tensor('f32', [dim], filled(dim, BIAS)),
  };
}

/** Fresh streams from a seed, with the weights. */
export function randomInductionInputs(
  sizes: InductionSizes & { deltaRank: number },
  seed: number,
): Record<string, Tensor> {
  requireShape(sizes);
  const next = uniformStream(seed, 'induction');
  return inductionInputs(
    sizes,
    Array.from({ length: sizes.batch }, () => randomInduction(sizes, next)),
  );
}

export interface InductionAnswer {
  batch: number;
  expected: number;
  answered: number;
}

/** The largest output at the end, beside the symbol that followed the marker last. @param xz [batch, 2·dim, seqlen] */
export function inductionAnswers(
  { batch, dim, seqlen, outDim }: InductionSizes,
  xz: TensorData,
  out: TensorData,
): InductionAnswer[] {
  return Array.from({ length: batch }, (_, b) => {
    const at = (channel: number, t: number) => xz[(b * 2 * dim + channel) * seqlen + t];
    let expected = -1;
    for (let t = 0; t < seqlen - 2; t++) {
      if (at(outDim, t) !== 1) continue;
      for (let o = 0; o < outDim; o++) if (at(o, t + 1) === 1) expected = o;
    }
    const last = (b * seqlen + seqlen - 1) * outDim;
    let answered = 0;
    for (let o = 1; o < outDim; o++) if (out[last + o]! > out[last + answered]!) answered = o;
    return { batch: b, expected, answered };
  });
}

/**
 * A sentence as a stream: its last word is the marker if it stood before; else the first word that did, or simply the first, is added
 * at the end and asked for.
 *
 * @throws EngineError bad-input for fewer than three words
 */
export function sentenceInduction(text: string): { inputs: Record<string, Tensor>; tokens: string[] } {
  const words = text.split(/\s+/).filter(Boolean);
  if (words.length < 2) {
    const message = 'Induction needs two words at least: one to recognise and one that followed it';
    throw new EngineError('bad-input', message, { field: 'sentence', value: text, limit: 2 });
  }
  const keys = words.map((word) => word.toLowerCase().replace(/(?<![.,;:!?])[.,;:!?]+$/, ''));
  const asked = keys.lastIndexOf(keys.at(-1)!, keys.length - 3) >= 0;
  const again = keys.find((key, i) => keys.indexOf(key, i + 2) >= 0) ?? keys[0]!;
  const marker = asked ? keys.at(-1)! : again;
  const tokens = asked ? words : [...words, again];
  const symbols: string[] = [];
  const stream = (asked ? keys : [...keys, again]).map((key): InductionToken => {
    if (key === marker) return 'marker';
    const known = symbols.indexOf(key);
    return known >= 0 ? known : symbols.push(key) - 1;
  });
  const sizes = { batch: 1, seqlen: stream.length, ...inductionShape(symbols.length + 1) };
  return { inputs: inductionInputs(sizes, [stream]), tokens };
}
