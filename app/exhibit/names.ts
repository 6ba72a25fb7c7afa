// What things are called and how they look, the same in every picture of an exhibit: tensors, steps, variants.

import type { Ink, Pattern } from '../pens/pen.ts';
import type { Coordinates } from './place.ts';
import type { Recording } from './recording.ts';

/** Colours by what a tensor does in a mechanism that mixes a sequence. */
const TONES = {
  /** What comes in: queries, the signal of a scan. */
  signal: '--tone-signal',
  /** What decides where something goes: keys, the input map of a scan. */
  key: '--tone-key',
  /** What is read out: values, the output map of a scan. */
  content: '--tone-content',
  /** What is made on the way: scores, states. */
  inner: '--tone-inner',
  /** Shares and gates. */
  weight: '--tone-weight',
  output: '--tone-output',
  /** One number for many: maxima, sums, step sizes. */
  statistic: '--tone-statistic',
  /** What no token changes: masks, parameters. */
  fixed: '--tone-fixed',
} as const satisfies Record<string, Ink>;

export type Tone = keyof typeof TONES;

/** How a description gives the look of a tensor. */
export interface LookSpec {
  letter: string;
  tone: Tone;
  pattern: Pattern | 'solid';
  /** Where the mechanism's own description has none, or the page says it otherwise. */
  title?: string;
}

export interface Look {
  letter: string;
  colour: Ink;
  pattern: Pattern | 'solid';
  title: string;
}

export interface Names {
  /** Of a tensor, a buffer (`kernel:variable` too) or a recorded value. */
  lookOf(name: string): Look;
  /** Marker name → title. */
  steps: Readonly<Record<string, string>>;
  /** Short names of variants, for bars and sentences. */
  variants: Readonly<Record<string, string>>;
  /** Extents of axes that no tensor of a run has, or that are shorter where `at` is. */
  extents?(run: Recording, at: Coordinates): Coordinates;
}

export const toLook = ({ letter, tone, pattern, title }: LookSpec, name: string): Look => ({
  letter,
  colour: TONES[tone],
  pattern,
  title: title ?? name.replaceAll('_', ' '),
});

/** A buffer that holds the same as a tensor of the same stem: its last state, its mean, a stretch of it on chip. */
const COPY = /_(held|step|tile)$/;

/** The look of anything that has a name in a run. What no description names gets its first letter, or `rest`. */
export function looksOf(
  tensors: Readonly<Record<string, Look>>,
  rest: Partial<LookSpec> | ((name: string) => Partial<LookSpec>) = {},
  stemOf: (name: string) => string = (name) => name,
): Names['lookOf'] {
  return (buffer) => {
    const name = buffer.slice(buffer.lastIndexOf(':') + 1);
    const known = tensors[name] ?? tensors[name.replace(COPY, '')] ?? tensors[stemOf(name)];
    if (known) return known;
    const own = typeof rest === 'function' ? rest(name) : rest;
    return toLook({ letter: name.slice(0, 1).toUpperCase(), tone: 'fixed', pattern: 'dots', ...own }, name);
  };
}
