// Values of a link as long as a link can be: read or refused at once. Each of these took seconds to minutes when a pattern read it.

import { expect, test } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { sentenceInduction } from '#gpu/mechanisms/mamba-block/induction.ts';
import { sentenceStream } from '#gpu/mechanisms/selective-scan/selective-copy.ts';
import { MAX_TEXT_LENGTH } from '../stores/experiment.ts';
import { inPanelWords, problemOf } from '../stores/problems.ts';
import { MAX_HASH_LENGTH } from './url-state.ts';
import { encodeText, parseNumber, parseSource, Refusal } from './url-values.ts';

const atOnce = (work: () => void) => {
  const before = performance.now();
  work();
  expect(performance.now() - before).toBeLessThan(1000);
};

test('a number of all the digits that a link has room for is none', () => {
  for (const digits of ['1', '11.1', '.5', '-1e']) {
    const long = digits.repeat(MAX_HASH_LENGTH / digits.length);
    atOnce(() => expect(parseNumber(`${long}x`, 0, 1)).toBeInstanceOf(Refusal));
  }
  expect(parseNumber('0.1000000000000000055511151231257827', 0, 1)).toBe(0.1);
});

test('sentences of punctuation are words like others', () => {
  for (const end of ['a', ' b']) {
    const dots = '.,;'.repeat(MAX_TEXT_LENGTH / 3) + end;
    atOnce(() => expect(sentenceStream(dots).symbols.length).toBeLessThanOrEqual(1));
    atOnce(() => expect(sentenceInduction(`x y z x ${dots}`).tokens.length).toBeGreaterThan(4));
  }
  expect(sentenceStream('remember *this, *that!? too').symbols).toEqual(['this', 'that']);
});

test('a message with a word of a hundred thousand letters is shown', () => {
  atOnce(() => {
    const problem = problemOf(new EngineError('bad-config', `${'a'.repeat(100_000)} 5`, { field: 'nq' }));
    expect(inPanelWords(problem).message).toBe(problem.message);
  });
});

test('an edited kernel of tens of thousands of lines is refused by their number, one of many signs by theirs', () => {
  const limitOf = (text: string) => (parseSource(encodeText(text)) as Refusal<string>).limit;
  atOnce(() => expect(limitOf('\n'.repeat(99_000))).toBe('at most 2000 lines'));
  atOnce(() => expect(limitOf('x'.repeat(100_001))).toBe('at most 100000 characters'));
  const long = 'let a = 1;\n'.repeat(1999);
  expect(parseSource(encodeText(long))).toBe(long);
});
