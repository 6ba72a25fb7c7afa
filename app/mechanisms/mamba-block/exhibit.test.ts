import { expect, test } from 'vitest';
import { expectFrozen, shipped } from '../../exhibit/testing/frozen-scenes.ts';
import { wordsAt } from '../../exhibit/testing/scene-at.ts';
import { withoutRecord } from '../../exhibit/testing/without-record.ts';
import { mambaBlockExhibit, state } from './exhibit.ts';
import frozen from './fixtures/scenes.json' with { type: 'json' };

test.each(['inner', 'whole', 'induction', 'induction-s4'])(
  '%s: pictures, tables and words are those of the pictures made by hand',
  async (name) => {
    // The story counts the kernels before it says what was moved.
    const retold = (words: string) => words.replace(/, this block ran (\d+) kernels and/, ' with $1 kernels, this run');
    const stories = Object.entries(frozen).flatMap(([key, { words }]) =>
      key.endsWith(' story') ? [[key, { words: retold(words) }] as const] : [],
    );
    const parts = {
      axes: ['batch', 'channel', 'time'],
      pictures: { state },
      except: (key: string) => Object.fromEntries(stories)[key],
    };
    expect(await expectFrozen(mambaBlockExhibit, name, frozen, parts)).toBeGreaterThanOrEqual(4);
  },
);

test('where the scan recorded nothing, neither is it said not to have begun nor is its largest state told', async () => {
  const run = withoutRecord(await shipped('mamba-block-inner'), 'h');
  expect(wordsAt(state, run, run.trace.steps.length)).toBe('Channel 0: this run did not record S and D.');
});
