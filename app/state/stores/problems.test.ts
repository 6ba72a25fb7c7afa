import { expect, test } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { attentionControls } from '../../mechanisms/attention/controls.ts';
import { inPanelWords, problemOf, resetOf, settingName } from './problems.ts';

const tooFew = problemOf(new EngineError('bad-config', 'nk must be at least 1', { field: 'nk', value: 0, limit: 1 }));

test('a setting is called as the set-up panel calls it, beside its key; one that no control has keeps its key', () => {
  expect(settingName('nk', attentionControls)).toBe('Keys (nk)');
  expect(settingName('seqlensQ', attentionControls)).toBe('seqlensQ');
  expect(inPanelWords(tooFew, attentionControls)).toMatchObject({
    field: 'Keys (nk)',
    message: 'Keys (nk) must be at least 1',
  });
  expect(inPanelWords(tooFew)).toEqual(tooFew);
});

test('sizes that would fit are offered under the names of their controls', () => {
  const message =
    'It moves too much. With the rest as it is, this would fit: nq 5,184 in place of 999,999 or nk 1 in place of 64';
  const problem = problemOf(
    new EngineError('limit-exceeded', message, { field: 'nq', value: '999,999', limit: '5,184' }),
  );
  expect(inPanelWords(problem, attentionControls).message).toBe(
    'It moves too much. With the rest as it is, this would fit: Queries (nq) 5,184 in place of 999,999 or Keys (nk) 1 in place of 64',
  );
});

test('a kernel’s problem keeps its words', () => {
  const problem = { ...tooFew, line: 3 };
  expect(inPanelWords(problem, attentionControls)).toBe(problem);
});

test('what is reset is the setting named, else all that are set, and nothing where settings are not at fault', () => {
  expect(resetOf(tooFew, { config: { nk: 0, br: 16 }, input: 'random' })).toBe('setting');
  expect(resetOf(tooFew, { config: { br: 16 }, input: 'random' })).toBe('settings');
  expect(resetOf(tooFew, { config: {}, input: 'random' })).toBeNull();
  expect(resetOf(tooFew, { config: { br: 16 }, input: 'file' })).toBeNull();
  const noWords = problemOf(new EngineError('bad-input', 'The sentence is empty', { field: 'sentence', value: '' }));
  expect(resetOf(noWords, { config: { br: 16 }, input: 'random' })).toBeNull();
});
