import { expect, test } from 'vitest';
import { markWords } from './marked-words.ts';

const marked = (sentence: string) =>
  markWords(sentence).flatMap(({ term, text }) => (term ? [`${text}: ${term}`] : []));

test('the words of a story are found, each where it is met first', () => {
  const story =
    'To attend over 64 tokens this kernel moved 73.7 KB between HBM and SRAM. What it saves is the score matrix: 3 of 4 key tiles were read, and tiles of HBM.';
  expect(marked(story)).toEqual([
    'HBM: hbm',
    'SRAM: sram',
    'score matrix: score-matrix',
    'key tiles: key-tile',
    'tiles: tile',
  ]);
  expect(
    markWords(story)
      .map(({ text }) => text)
      .join(''),
  ).toBe(story);
});

test('a letter is a term only where it stands alone', () => {
  expect(marked('m and ℓ of some ms')).toEqual(['m: running-max', 'ℓ: running-sum']);
  expect(marked('textiles, ahead, underscores')).toEqual([]);
});

test('what holds no technical word stays whole', () => {
  expect(markWords('Waiting for the first run …')).toEqual([{ text: 'Waiting for the first run …', at: 0 }]);
  expect(markWords('')).toEqual([]);
});
