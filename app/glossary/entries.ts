// The page's technical words: one sentence each, in the field's own terms. `Term` shows them on hover, focus and tap; loaded with the
// first card that opens.

import type { TermId } from './terms.ts';

export interface GlossaryEntry {
  title: string;
  /** One sentence. */
  text: string;
}

export const GLOSSARY: Readonly<Record<TermId, GlossaryEntry>> = {
  attention: {
    title: 'Attention',
    text: 'Every query row takes a weighted mean of the value rows; the weights are the softmax of its scaled dot products with the key rows.',
  },
  query: { title: 'Query, Q', text: 'One row per token that asks: it is compared with every key it may see.' },
  key: { title: 'Key, K', text: 'One row per token that is asked: its dot product with a query is that pair’s score.' },
  value: { title: 'Value, V', text: 'One row per token that answers: the output is a weighted mean of these rows.' },
  score: { title: 'Score, S', text: 'The scaled dot product of one query row and one key row, before softmax.' },
  'score-matrix': {
    title: 'Score matrix',
    text: 'The scores of every query with every key: queries × keys numbers per head, which standard attention writes out and FlashAttention never holds as a whole.',
  },
  probability: { title: 'Probability, P', text: 'A score after softmax: the weights of one query row sum to one.' },
  'query-tile': {
    title: 'Query tile, Br',
    text: 'The Br query rows that one workgroup keeps on chip while it walks over the keys.',
  },
  'key-tile': {
    title: 'Key tile, Bc',
    text: 'The Bc key and value rows that are loaded together and folded into the running result.',
  },
  tile: {
    title: 'Tile',
    text: 'A rectangle of the score grid, Br rows by Bc columns, that is computed at once on chip.',
  },
  softmax: {
    title: 'Softmax',
    text: 'Turns a row of scores into positive weights that sum to one: eˣ divided by the sum of all eˣ.',
  },
  'online-softmax': {
    title: 'Online softmax',
    text: 'Softmax over a row that arrives in pieces: a running maximum m and sum ℓ are corrected whenever a larger score comes.',
  },
  'running-max': {
    title: 'Running maximum, m',
    text: 'The largest score of a row so far; it is subtracted before the exponential so that nothing overflows.',
  },
  'running-sum': {
    title: 'Running sum, ℓ',
    text: 'The sum of e raised to score minus m over the keys a row has seen so far.',
  },
  rescale: {
    title: 'Rescale',
    text: 'When a new tile raises the maximum from m to m′, what was summed before is multiplied by e raised to m − m′.',
  },
  logsumexp: {
    title: 'Log-sum-exp, lse',
    text: 'm + ln ℓ of a whole row: the one statistic FlashAttention-2 writes besides the output.',
  },
  hbm: {
    title: 'HBM',
    text: 'The GPU’s large main memory; here, the bytes the kernel asked for from storage buffers, with no cache modelled.',
  },
  sram: {
    title: 'SRAM',
    text: 'The small fast memory a workgroup shares on chip; here, the kernel’s var<workgroup> arrays.',
  },
  registers: {
    title: 'Registers',
    text: 'The fastest memory, private to one invocation; here, the kernel’s own variables.',
  },
  workgroup: {
    title: 'Workgroup',
    text: 'Invocations that run together, share workgroup memory and wait for each other at barriers.',
  },
  invocation: { title: 'Invocation', text: 'One run of the kernel’s main function: what CUDA calls a thread.' },
  dispatch: { title: 'Dispatch', text: 'One launch of a kernel over a grid of workgroups.' },
  barrier: { title: 'Barrier', text: 'A line where every invocation of a workgroup waits until all have arrived.' },
  'causal-mask': {
    title: 'Causal mask',
    text: 'A query sees no key after its own position; with unequal lengths the diagonal ends in the bottom-right corner.',
  },
  window: {
    title: 'Sliding window',
    text: 'A query sees only keys within so many positions to the left and right of its own.',
  },
  gqa: {
    title: 'Grouped-query attention',
    text: 'Several query heads share one key and value head, which makes K and V smaller.',
  },
  softcap: {
    title: 'Softcap',
    text: 'Scores are squeezed into ±c by c · tanh(score / c) before softmax; 0 switches it off.',
  },
  'block-mask': {
    title: 'Block-sparse mask',
    text: 'Whole blocks of the score grid are left out; the kernel never loads their keys.',
  },
  'head-dim': { title: 'Head dimension, d', text: 'Numbers in one row of Q, K or V of one head.' },
  head: {
    title: 'Head',
    text: 'One of several attentions that run side by side on their own slices of the model’s width.',
  },
  'on-chip-memory': {
    title: 'M',
    text: 'On-chip memory of a workgroup in floats; it decides how large the tiles can be, and with them how often K and V are loaded again.',
  },
  'kv-cache': {
    title: 'KV cache',
    text: 'The key and value rows of all tokens so far, kept so that the next token can attend to them: it grows with every token.',
  },
  state: {
    title: 'State, h',
    text: 'The fixed number of values in which a scan keeps what it has read: each token changes them, none adds to them.',
  },
  seed: { title: 'Seed', text: 'The number that random inputs are made from: the same seed gives the same tensors.' },
  parity: { title: 'Parity', text: 'How far the kernel’s output is from a float64 reference on this very input.' },
  trace: {
    title: 'Recording',
    text: 'Every counted access and step of one real run, made by the very kernel on screen with counters inserted.',
  },
  step: { title: 'Step', text: 'What one workgroup did between two barriers or markers of its kernel.' },
  reuse: { title: 'Reuse', text: 'How often the same element is loaded: each extra time costs the same bytes again.' },
  measured: { title: 'Measured', text: 'Taken from this run: a time, or a value the kernel computed.' },
  exact: { title: 'Exact', text: 'Counted, access by access, in this run: the same run gives the same number.' },
  'closed-form': {
    title: 'Closed form',
    text: 'Computed from the sizes by a formula, to stand beside the counted number, never in its place.',
  },
  'confidence-interval': {
    title: '95 % interval',
    text: 'Where the median lies in 95 of 100 resamplings of the timings; when two intervals overlap, no difference is shown.',
  },
  quantum: {
    title: 'Clock quantum',
    text: 'The smallest step this device’s timestamps take; shorter times cannot be told apart.',
  },
  'software-adapter': {
    title: 'Software adapter',
    text: 'WebGPU run on the CPU: numbers and counts are right, times say nothing about GPUs.',
  },
  underflow: {
    title: 'Underflow',
    text: 'A float32 below 1.2e-38 loses its digits and then becomes 0: a product of many factors below 1 gets there soon, and dividing by it gives ∞ or NaN.',
  },
  cancellation: {
    title: 'Cancellation',
    text: 'Subtracting two nearly equal numbers leaves only the digits in which they differ, so what was rounded off before becomes large beside the result.',
  },
  'zero-order-hold': {
    title: 'Zero-order hold',
    text: 'Turns a continuous system into steps as if its input stood still during each: B̄ = (exp(ΔA) − 1) / A · B, of which euler’s ΔB is the first-order part.',
  },
};
