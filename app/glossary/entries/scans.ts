// What the words of scans mean. Loaded with the first of their cards that opens.

import type { TermEntry } from '../../exhibit/terms.ts';
import { arrow, bars, ground, line, part } from './picture-parts.ts';

const GROWTH = { id: 'growth', words: 'Counted against length' };

export const entries: Readonly<Record<string, TermEntry>> = {
  state: {
    title: 'State, h',
    text: 'The fixed number of values in which a scan keeps what it has read: each token changes them, none adds to them.',
    picture: [arrow(4, 16, 14), part('s', [18, 8, 12, 16]), line('M22 8C18 0 30 0 26 8'), arrow(34, 16, 44)],
    view: GROWTH,
    source: /return (decay|exp)\(x\) \* h\b/,
  },
  delta: {
    title: 'Δ, step size',
    text: 'How far the state opens for a token: near 0 it keeps what it has and reads nothing, large it forgets and takes the token up.',
    picture: [ground, bars('accent', 3, 20, 4, 16, 3)],
  },
  selection: {
    title: 'Selection',
    text: 'Δ, B and C are computed from each token, so that the scan itself decides what to keep and what to pass over.',
    picture: [part('soft', [4, 11, 9, 10], [26, 11, 9, 10]), part('accent', [15, 8, 9, 16], [37, 8, 9, 16])],
  },
  s4: {
    title: 'S4',
    text: 'A scan whose Δ, B and C are the same at every step: it treats every token alike.',
    picture: [ground, bars('soft', 12, 12, 12, 12, 12)],
  },
  s6: {
    title: 'S6',
    text: 'A scan whose Δ, B and C depend on the token at each step: the selective scan of Mamba.',
    picture: [ground, bars('accent', 6, 18, 10, 22, 4)],
  },
  scan: {
    title: 'Scan',
    text: 'Goes through a sequence in order and gives at every step what has come together so far.',
    picture: [ground, bars('s', 4, 8, 12, 16, 20, 24)],
  },
  chunk: {
    title: 'Chunk',
    text: 'A stretch of the sequence that one workgroup scans by itself before the state of the stretch before it arrives.',
    picture: [
      part('soft', [4, 10, 12, 12], [32, 10, 12, 12]),
      part('accent', [18, 10, 12, 12]),
      line('M17 6v20M31 6v20'),
    ],
  },
  combine: {
    title: 'Combine',
    text: 'Joins what two neighbouring stretches of the sequence do to a state into what they do together.',
    picture: [
      part('s', [6, 4, 12, 8], [30, 4, 12, 8]),
      line('M12 12L24 21M36 12L24 21'),
      part('accent', [18, 21, 12, 8]),
    ],
  },
  'zero-order-hold': {
    title: 'Zero-order hold',
    text: 'Turns a continuous system into steps as if its input stood still during each: B̄ = (exp(ΔA) − 1) / A · B, of which euler’s ΔB is the first-order part.',
    picture: [ground, line('M6 24H15V18H24V10H33V14H42'), { tone: 'dash', d: 'M6 24q10-2 18-12t18 2' }],
  },
};
