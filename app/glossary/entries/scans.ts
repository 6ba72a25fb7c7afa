// What the words of scans mean. Loaded with the first of their cards that opens.

import type { TermEntry } from '../../exhibit/terms.ts';
import { arrow, ground, line, part } from './picture-parts.ts';

const GROWTH = { id: 'growth', words: 'Counted against length' };

export const entries: Readonly<Record<string, TermEntry>> = {
  state: {
    title: 'State, h',
    text: 'The fixed number of values in which a scan keeps what it has read: each token changes them, none adds to them.',
    picture: [arrow(4, 16, 14), part('s', [18, 8, 12, 16]), line('M22 8C18 0 30 0 26 8'), arrow(34, 16, 44)],
    view: GROWTH,
    source: /return (decay|exp)\(x\) \* h\b/,
  },
  'zero-order-hold': {
    title: 'Zero-order hold',
    text: 'Turns a continuous system into steps as if its input stood still during each: B̄ = (exp(ΔA) − 1) / A · B, of which euler’s ΔB is the first-order part.',
    picture: [ground, line('M6 24H15V18H24V10H33V14H42'), { tone: 'dash', d: 'M6 24q10-2 18-12t18 2' }],
  },
};
