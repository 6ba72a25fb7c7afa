// Selective copying, solved by hand-built weights: a stream of noise with `dstate` tokens to remember in it, then one query per
// remembered token ("which was first?", "which was second?" …). Nothing is trained; why it works stands in README.md.

import { EngineError } from '../../core/errors.ts';
import { uniformStream } from '../../core/random.ts';
import { type Tensor, type TensorData, tensor } from '../../core/tensor.ts';

/** What one time step of a stream is. */
export type StreamToken = { kind: 'noise' } | { kind: 'data'; symbol: number } | { kind: 'query'; index: number };

export interface CopySizes {
  batch: number;
  /** Symbols of the vocabulary: one channel each. */
  dim: number;
  /** Tokens to remember, and states per channel. */
  dstate: number;
  seqlen: number;
}

/** Beyond this the matrix below is too badly conditioned for float32. */
export const MOST_REMEMBERED = 8;
/** Δ before softplus: 1 for a token to remember; for all others so near 0 that thousands of steps change nothing. */
const OPEN = Math.log(Math.E - 1);
const SHUT = -20;

/**
 * Ā of state n at a remembered token: Chebyshev's points of (0.02, 0.98). Among factors from 0 to 1 hardly any others keep the entries of
 * the inverse below as small, and an output is off by as many times what a state is off by.
 */
function factors(count: number): number[] {
  return Array.from({ length: count }, (_, n) => 0.5 + 0.48 * Math.cos((Math.PI * (2 * n + 1)) / (2 * count)));
}

/**
 * Row j times the states gives the j-th remembered token: after K tokens state n holds Σᵢ λₙ^(K − 1 − i) vᵢ, so these are the rows
 * of the inverse of that matrix, by Gauss–Jordan elimination in float64.
 */
export function readingRows(count: number): number[][] {
  const rows = factors(count).map((factor, n) => [
    ...Array.from({ length: count }, (_, i) => factor ** (count - 1 - i)),
    ...Array.from({ length: count }, (_, i) => Number(i === n)),
  ]);
  for (let column = 0; column < count; column++) {
    let best = column;
    for (let r = column; r < count; r++) if (Math.abs(rows[r]![column]!) > Math.abs(rows[best]![column]!)) best = r;
    [rows[column], rows[best]] = [rows[best]!, rows[column]!];
    const pivot = rows[column]![column]!;
    rows[column] = rows[column]!.map((value) => value / pivot);
    for (let r = 0; r < count; r++) {
      const factor = rows[r]![column]!;
      if (r !== column) rows[r] = rows[r]!.map((value, i) => value - factor * rows[column]![i]!);
    }
  }
  return rows.map((row) => row.slice(count));
}

/** A seeded stream: noise, `dstate` data tokens at random places, then the queries in order. */
export function randomStream({ dim, dstate, seqlen }: CopySizes, next: () => number): StreamToken[] {
  const room = seqlen - dstate;
  if (room < dstate) {
    const message = `a stream of ${seqlen} has no room for ${dstate} tokens and as many queries`;
    throw new EngineError('bad-config', message, { field: 'seqlen', value: seqlen, limit: 2 * dstate });
  }
  const places = new Set<number>();
  while (places.size < dstate) places.add(Math.floor(next() * room));
  return Array.from({ length: seqlen }, (_, t): StreamToken => {
    if (t >= room) return { kind: 'query', index: t - room };
    return places.has(t) ? { kind: 'data', symbol: Math.floor(next() * dim) } : { kind: 'noise' };
  });
}

/** The scan's inputs for streams of equal length: the embedding and the maps to Δ, B and C are tables over token kinds. */
export function copyInputs(sizes: CopySizes, streams: readonly StreamToken[][]): Record<string, Tensor> {
  const { batch, dim, dstate, seqlen } = sizes;
  if (dstate > MOST_REMEMBERED) {
    const message = `at most ${MOST_REMEMBERED} tokens can be told apart in float32`;
    throw new EngineError('bad-config', message, { field: 'dstate', value: dstate, limit: MOST_REMEMBERED });
  }
  const rows = readingRows(dstate);
  const u = new Float32Array(batch * dim * seqlen);
  const delta = new Float32Array(batch * dim * seqlen).fill(SHUT);
  const B = new Float32Array(batch * dstate * seqlen);
  const C = new Float32Array(batch * dstate * seqlen);
  streams.forEach((stream, b) => {
    stream.forEach((token, t) => {
      if (token.kind === 'data') {
        u[(b * dim + token.symbol) * seqlen + t] = 1;
        // All channels open: those of other symbols write a 0 and move on in step.
        for (let d = 0; d < dim; d++) delta[(b * dim + d) * seqlen + t] = OPEN;
      }
      for (let n = 0; n < dstate; n++) {
        const at = (b * dstate + n) * seqlen + t;
        B[at] = Number(token.kind === 'data');
        C[at] = token.kind === 'query' ? rows[token.index]![n]! : 0;
      }
    });
  });
  const A = Float32Array.from({ length: dim * dstate }, (_, i) => Math.log(factors(dstate)[i % dstate]!));
  return {
    u: tensor('f32', [batch, dim, seqlen], u),
    delta: tensor('f32', [batch, dim, seqlen], delta),
    A: tensor('f32', [dim, dstate], A),
    B: tensor('f32', [batch, dstate, seqlen], B),
    C: tensor('f32', [batch, dstate, seqlen], C),
  };
}

/** Fresh streams and their inputs, from a seed. */
export function randomCopyInputs(sizes: CopySizes, seed: number): Record<string, Tensor> {
  const next = uniformStream(seed, 'selective-copy');
  return copyInputs(
    sizes,
    Array.from({ length: sizes.batch }, () => randomStream(sizes, next)),
  );
}

export interface CopyAnswer {
  batch: number;
  /** Which of the remembered tokens was asked for. */
  index: number;
  /** Time step of the query. */
  time: number;
  expected: number;
  answered: number;
}

/** The symbol with the largest output at every query, beside the one that was asked for. @param u, out [batch, dim, seqlen] */
export function copyAnswers({ batch, dim, dstate, seqlen }: CopySizes, u: TensorData, out: TensorData): CopyAnswer[] {
  const answers: CopyAnswer[] = [];
  for (let b = 0; b < batch; b++) {
    const remembered: number[] = [];
    for (let t = 0; t < seqlen; t++) {
      for (let d = 0; d < dim; d++) if (u[(b * dim + d) * seqlen + t] === 1) remembered.push(d);
    }
    for (let index = 0; index < Math.min(dstate, remembered.length); index++) {
      const time = seqlen - remembered.length + index;
      let answered = 0;
      for (let d = 1; d < dim; d++) {
        if (out[(b * dim + d) * seqlen + time]! > out[(b * dim + answered) * seqlen + time]!) answered = d;
      }
      answers.push({ batch: b, index, time, expected: remembered[index]!, answered });
    }
  }
  return answers;
}

/** Words of a sentence as a stream: those marked with `*`, or without a mark those of six letters and more, are to be remembered. */
export function sentenceStream(text: string): { stream: StreamToken[]; tokens: string[]; symbols: string[] } {
  const words = text.split(/\s+/).filter(Boolean);
  const marked = words.some((word) => word.startsWith('*') && word.length > 1);
  const symbols: string[] = [];
  let remembered = 0;
  const stream = words.map((word): StreamToken => {
    const plain = word.replace(/^\*/, '').replace(/(?<![.,;:!?])[.,;:!?]+$/, '');
    const wanted = marked ? word.startsWith('*') && plain.length > 0 : plain.length >= 6;
    if (!wanted || remembered >= MOST_REMEMBERED) return { kind: 'noise' };
    remembered++;
    const symbol = symbols.indexOf(plain);
    return { kind: 'data', symbol: symbol >= 0 ? symbol : symbols.push(plain) - 1 };
  });
  const queries = Array.from({ length: remembered }, (_, index): StreamToken => ({ kind: 'query', index }));
  return {
    stream: [...stream, ...queries],
    tokens: [...words, ...queries.map((_, index) => `${index + 1}?`)],
    symbols,
  };
}

/**
 * Inputs of one sentence.
 *
 * @throws EngineError bad-input when there is nothing to remember
 */
export function sentenceInputs(text: string): { inputs: Record<string, Tensor>; tokens: string[] } {
  const { stream, tokens, symbols } = sentenceStream(text);
  const dstate = stream.filter(({ kind }) => kind === 'query').length;
  if (dstate === 0) {
    const message = 'Nothing to remember: mark words with *, or write some of six letters and more';
    throw new EngineError('bad-input', message, { field: 'sentence', value: text, limit: 'one word to remember' });
  }
  // One symbol more than the sentence has, so that a wrong answer is possible even with one word.
  const sizes = { batch: 1, dim: symbols.length + 1, dstate, seqlen: stream.length };
  return { inputs: copyInputs(sizes, [stream]), tokens };
}
