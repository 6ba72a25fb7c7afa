import { expect, test } from 'vitest';
import { cards } from '#gpu/mechanisms/cards.ts';
import type { MechanismView } from '../exhibit/view.ts';
import { loadView } from '../mechanisms/load-view.ts';
import { markWords } from './marked-words.ts';
import { generalTerms } from './terms/general.ts';

/** As the page speaks them: the exhibit's own first. */
const spokenIn = ({ terms = [] }: Pick<MechanismView, 'terms'>) => [...terms, generalTerms];
const shown = [...cards.values()].filter(({ role }) => role === 'mechanism');
const exhibits = (await Promise.all(shown.map(({ id }) => loadView(id)))).map((view) => view!);
const attention = exhibits.find(({ id }) => id === 'attention')!;
/** Those that do not speak attention's words. */
const others = exhibits.filter(({ terms = [] }) => terms.every((set) => !attention.terms!.includes(set)));
const ATTENTION = spokenIn(attention);

const marked = (sentence: string, sets = ATTENTION) =>
  markWords(sentence, sets).flatMap(({ term, text }) => (term ? [`${text}: ${term}`] : []));

test('the words of a story are found, each where it is met first', () => {
  const story =
    'To attend over 64 tokens this kernel moved 73.7 KB between HBM and SRAM. What it saves is the score matrix: 3 of 4 key tiles were read, and tiles of HBM.';
  expect(marked(story)).toEqual([
    'tokens: token',
    'kernel: kernel',
    'HBM: hbm',
    'SRAM: sram',
    'score matrix: score-matrix',
    'key tiles: key-tile',
    'tiles: tile',
  ]);
  expect(
    markWords(story, ATTENTION)
      .map(({ text }) => text)
      .join(''),
  ).toBe(story);
});

test('a letter is a term only where it stands alone', () => {
  expect(marked('m and ℓ of some ms')).toEqual(['m: running-max', 'ℓ: running-sum']);
  expect(marked('textiles, ahead, underscores')).toEqual([]);
});

test('what holds no technical word stays whole', () => {
  expect(markWords('Waiting for the first run …', ATTENTION)).toEqual([{ text: 'Waiting for the first run …', at: 0 }]);
  expect(markWords('', ATTENTION)).toEqual([]);
});

test.each(others)(
  'in a story of $id the words of attention are plain words, and the general ones open their cards',
  (view) => {
    const story = 'A score of m heads, ℓ query tiles and a score matrix in HBM, rescaled, beside the closed form.';
    expect(marked(story)).toEqual([
      'score: score',
      'm: running-max',
      'heads: head',
      'ℓ: running-sum',
      'query tiles: query-tile',
      'score matrix: score-matrix',
      'HBM: hbm',
      'closed form: closed-form',
    ]);
    expect(marked(story, spokenIn(view))).toEqual(['tiles: tile', 'HBM: hbm', 'closed form: closed-form']);
    const known = new Set(spokenIn(view).flatMap(({ ids }) => ids));
    for (const id of ['score', 'running-max', 'running-sum', 'head', 'query-tile']) expect(known).not.toContain(id);
  },
);

test('a word that an exhibit explains itself has its card there, not the general one', async () => {
  const [own, general] = [await ATTENTION[0]!.load(), await generalTerms.load()];
  expect(own.tile!.text).toContain('score grid');
  expect(general.tile!.text).not.toContain('score');
  expect(ATTENTION.find(({ ids }) => ids.includes('tile'))).toBe(ATTENTION[0]);
});
