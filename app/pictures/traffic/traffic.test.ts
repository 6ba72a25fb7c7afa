import { expect, test } from 'vitest';
import { looksOf } from '../../exhibit/names.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { sceneAt, wordsAt } from '../../exhibit/testing/scene-at.ts';
import { memoryScene } from '../../mechanisms/attention/memory-scene.ts';
import { recordWalk } from '../../mechanisms/attention/testing/traced-walk.ts';
import { bytesText } from '../../words/quantities.ts';
import { traffic } from './traffic.ts';

const walk = recordWalk({ nq: 8, nk: 12, br: 2, bc: 3, headDim: 4, visits: () => [0, 1, 2, 3] });
/** The same run, of which the second half of the steps was not kept. */
const kept = walk.trace.steps.slice(0, walk.trace.steps.length / 2);
const cut: Recording = {
  ...walk,
  id: 'cut',
  trace: { ...walk.trace, steps: kept, records: [], truncated: true, cut: ['steps'] },
};
const picture = traffic({ about: '' });

test('what a run moved in all is its totals, also where not all of its steps were kept', () => {
  const bars = (run: Recording, tick: number) => sceneAt(picture, run, tick).bars;
  for (const [i, bar] of bars(cut, kept.length).entries()) {
    const whole = bars(walk, walk.trace.steps.length)[i]!;
    expect(bar.inAll).toBe(whole.inAll);
    expect(whole.inAll).toBe(whole.segments.reduce((sum, { bytes }) => sum + bytes, 0));
  }
  const totals = (tick: number) => memoryScene(cut, tick, null).hbm.map(({ readInAll }) => readInAll);
  expect(totals(kept.length)).toEqual(memoryScene(walk, 0, null).hbm.map(({ readInAll }) => readInAll));
});

test('beside it a run stands with its totals', () => {
  const whole = sceneAt(picture, walk, 0).bars[0]!.inAll;
  const others = [{ ...cut, variant: 'other' }];
  expect(wordsAt(picture, walk, 0, { others })).toContain(`Beside it, in all: other ${bytesText(whole)}.`);
  const beside = sceneAt(picture, walk, 0, { others }).bars.find(({ run }) => run === 'other')!;
  expect(beside.segments.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(whole);
});

test('the legend is the same at every step: what is yet to move is in it, and nothing moves when it comes', () => {
  const lookOf = looksOf({});
  const names = { lookOf, steps: {}, variants: {} };
  const legendAt = (tick: number) => picture.legend!(sceneAt(picture, walk, tick, { names }), {} as never);
  const ends = legendAt(walk.trace.steps.length);
  expect(ends.length).toBeGreaterThan(3);
  expect(legendAt(0)).toEqual(ends);
  expect(legendAt(3)).toEqual(ends);
});

test('of two buffers with one letter the legend names both', () => {
  const look = { letter: 'B', tone: 'key', pattern: 'hatch' } as const;
  const titled = (title: string) =>
    ({ letter: look.letter, colour: '--tone-key', pattern: look.pattern, title }) as const;
  const lookOf = looksOf({ k: titled('one'), v: titled('another') });
  const state = { run: walk, tick: walk.trace.steps.length, names: { lookOf, steps: {}, variants: {} } };
  const scene = sceneAt(picture, walk, state.tick, { names: state.names });
  const words = picture.legend!(scene, state as never).map((entry) => entry.words);
  expect(words).toEqual(expect.arrayContaining(['one', 'another']));
  expect(new Set(words).size).toBe(words.length);
});
