// What the words of attention mean. Loaded with the first of its cards that opens.

import type { TermEntry } from '../../exhibit/terms.ts';
import { all, arrow, bars, field, ground, line, part, rows } from './picture-parts.ts';

const TILES = { id: 'tiling', words: 'Counted tile by tile' };
const BYTES = { id: 'memory', words: 'Counted in bytes' };
const READS = { id: 'reuse', words: 'Counted per element' };

export const entries: Readonly<Record<string, TermEntry>> = {
  attention: {
    title: 'Attention',
    text: 'Every query row takes a weighted mean of the value rows; the weights are the softmax of its scaled dot products with the key rows.',
    picture: [
      part('q', [5, 13, 6, 6]),
      part('k', [37, 3, 6, 6], [37, 13, 6, 6], [37, 23, 6, 6]),
      line('M11 16 37 6M11 16H37M11 16 37 26'),
    ],
  },
  query: {
    title: 'Query, Q',
    text: 'One row per token that asks: it is compared with every key it may see.',
    picture: rows('q', 1),
    view: BYTES,
    source: /=\s*q\[/,
  },
  key: {
    title: 'Key, K',
    text: 'One row per token that is asked: its dot product with a query is that pair’s score.',
    picture: rows('k', 2),
    view: READS,
    source: /=\s*k\[/,
  },
  value: {
    title: 'Value, V',
    text: 'One row per token that answers: the output is a weighted mean of these rows.',
    picture: rows('v', 3),
    view: READS,
    source: /=\s*v\[/,
  },
  score: {
    title: 'Score, S',
    text: 'The scaled dot product of one query row and one key row, before softmax.',
    picture: [part('q', [4, 13, 14, 6]), part('k', [22, 3, 6, 26]), part('s', [34, 11, 10, 10])],
    view: TILES,
    source: /^\s*(s = score|let s = score|.*= score)\(/,
  },
  'score-matrix': {
    title: 'Score matrix',
    text: 'The scores of every query with every key: queries × keys numbers per head, which standard attention writes out and FlashAttention never holds as a whole.',
    picture: [field('s', () => true), part('q', [2, 4, 3, 23]), part('k', [8, 29, 31, 2])],
    view: BYTES,
    source: /^\s*s\[.*=/,
  },
  probability: {
    title: 'Probability, P',
    text: 'A score after softmax: the weights of one query row sum to one.',
    picture: [ground, bars('s', 4, 14, 7, 3)],
    view: TILES,
    source: /exp\(s - |exp\(.*- m/,
  },
  'query-tile': {
    title: 'Query tile, Br',
    text: 'The Br query rows that one workgroup keeps on chip while it walks over the keys.',
    picture: [all, field('q', (row) => row < 3)],
    view: TILES,
    source: /^const BR\b/,
  },
  'key-tile': {
    title: 'Key tile, Bc',
    text: 'The Bc key and value rows that are loaded together and folded into the running result.',
    picture: [all, field('k', (_, column) => column > 1 && column < 5)],
    view: TILES,
    source: /^const BC\b/,
  },
  tile: {
    title: 'Tile',
    text: 'A rectangle of the score grid, Br rows by Bc columns, that is computed at once on chip.',
    picture: [all, field('s', (row, column) => row > 1 && row < 4 && column > 2 && column < 6)],
    view: TILES,
    source: /\/\/: (load-kv|scores)\b/,
  },
  softmax: {
    title: 'Softmax',
    text: 'Turns a row of scores into positive weights that sum to one: eˣ divided by the sum of all eˣ.',
    picture: [ground, bars('s', 3, 5, 20, 8), line('M6 24q18 0 18-16')],
    view: TILES,
    source: /\/\/: (probabilities|exponentials)\b/,
  },
  'online-softmax': {
    title: 'Online softmax',
    text: 'Softmax over a row that arrives in pieces: a running maximum m and sum ℓ are corrected whenever a larger score comes.',
    picture: [ground, bars('s', 8, 12), { tone: 'dash', d: 'M24 4v24' }, bars('soft', 0, 0, 0, 18, 9)],
    view: TILES,
    source: /\/\/: fold\b/,
  },
  'running-max': {
    title: 'Running maximum, m',
    text: 'The largest score of a row so far; it is subtracted before the exponential so that nothing overflows.',
    picture: [ground, bars('soft', 6, 10, 8, 18, 12), line('M6 22H13V18H27V10H44')],
    view: TILES,
    source: /m_new = max\(|= max\(m/,
  },
  'running-sum': {
    title: 'Running sum, ℓ',
    text: 'The sum of e raised to score minus m over the keys a row has seen so far.',
    picture: [ground, bars('s', 4, 9, 13, 18, 23)],
    view: TILES,
    source: /^\s*l \+=|^\s*var l\b/,
  },
  rescale: {
    title: 'Rescale',
    text: 'When a new tile raises the maximum from m to m′, what was summed before is multiplied by e raised to m − m′.',
    picture: [part('soft', [8, 6, 12, 22]), arrow(22, 17, 30), part('s', [32, 16, 8, 12])],
    view: TILES,
    source: /rescale = exp\(/,
  },
  logsumexp: {
    title: 'Log-sum-exp, lse',
    text: 'm + ln ℓ of a whole row: the one statistic FlashAttention-2 writes besides the output.',
    picture: [part('soft', [5, 6, 24, 20]), arrow(31, 16, 37), part('accent', [40, 13, 5, 6])],
    view: BYTES,
    source: /^\s*lse\[/,
  },
  'causal-mask': {
    title: 'Causal mask',
    text: 'A query sees no key after its own position; with unequal lengths the diagonal ends in the bottom-right corner.',
    picture: [all, field('s', (row, column) => column <= row + 2)],
    view: TILES,
    source: /window_right < 0/,
  },
  window: {
    title: 'Sliding window',
    text: 'A query sees only keys within so many positions to the left and right of its own.',
    picture: [all, field('s', (row, column) => Math.abs(column - row - 1) < 2)],
    view: TILES,
    source: /window_left < 0/,
  },
  gqa: {
    title: 'Grouped-query attention',
    text: 'Several query heads share one key and value head, which makes K and V smaller.',
    picture: [
      part('q', [5, 3, 6, 5], [5, 10, 6, 5], [5, 17, 6, 5], [5, 24, 6, 5]),
      part('k', [36, 6, 6, 5], [36, 20, 6, 5]),
      line('M11 5.5 36 8M11 12.5 36 9M11 19.5 36 22M11 26.5 36 23'),
    ],
    view: READS,
    source: /let kv_head\b/,
  },
  softcap: {
    title: 'Softcap',
    text: 'Scores are squeezed into ±c by c · tanh(score / c) before softmax; 0 switches it off.',
    picture: [{ tone: 'dash', d: 'M4 6H44M4 26H44' }, line('M4 25q12 0 20-9t20-9')],
    source: /\btanh\(/,
  },
  'block-mask': {
    title: 'Block-sparse mask',
    text: 'Whole blocks of the score grid are left out; the kernel never loads their keys.',
    picture: [
      all,
      field(
        's',
        (row, column) =>
          (row < 2 && column < 3) || (row > 1 && row < 4 && column > 2 && column < 6) || (row > 3 && column > 5),
      ),
    ],
    view: TILES,
    source: /blockmask\[/,
  },
  'head-dim': {
    title: 'Head dimension, d',
    text: 'Numbers in one row of Q, K or V of one head.',
    picture: [part('soft', [6, 12, 36, 8]), line('M6 25H42M6 22v6M42 22v6M15 12v8M24 12v8M33 12v8')],
    view: READS,
    source: /^const D\b/,
  },
  head: {
    title: 'Head',
    text: 'One of several attentions that run side by side on their own slices of the model’s width.',
    picture: [
      part('q', [5, 6, 8, 20]),
      part('k', [15, 6, 8, 20]),
      part('v', [25, 6, 8, 20]),
      part('s', [35, 6, 8, 20]),
    ],
    view: TILES,
    source: /let head\b/,
  },
  'on-chip-memory': {
    title: 'M',
    text: 'On-chip memory of a workgroup in floats; it decides how large the tiles can be, and with them how often K and V are loaded again.',
    picture: [
      part('soft', [8, 4, 32, 24]),
      part('q', [10, 6, 12, 20]),
      part('k', [24, 6, 6, 20]),
      part('v', [32, 6, 6, 20]),
    ],
    view: BYTES,
    source: /var<workgroup>/,
  },
};
