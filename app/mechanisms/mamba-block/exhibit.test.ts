import { expect, test } from 'vitest';
import { expectFrozen } from '../../exhibit/testing/frozen-scenes.ts';
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
      ...{ axes: ['batch', 'channel', 'time'], pictures: { state } },
      except: (key: string) => Object.fromEntries(stories)[key],
    };
    expect(await expectFrozen(mambaBlockExhibit, name, frozen, parts)).toBeGreaterThanOrEqual(4);
  },
);
