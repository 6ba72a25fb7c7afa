import { expect, test } from 'vitest';
import { expectFrozen, shipped } from '../../exhibit/testing/frozen-scenes.ts';
import { wordsAt } from '../../exhibit/testing/scene-at.ts';
import { withoutRecord } from '../../exhibit/testing/without-record.ts';
import { chunks, decay, ssdExhibit } from './exhibit.ts';
import frozen from './fixtures/scenes.json' with { type: 'json' };

test.each(['chunked', 'quadratic', 'direct-decays', 'trap-long-chunk', 'mamba-2'])(
  '%s: pictures, tables, words and story are those of the pictures made by hand',
  async (name) => {
    // Heads were counted from 0 there.
    const retold = (words: string) => words.replace(/\b(head) (\d+)/i, (_, head, n) => `${head} ${Number(n) + 1}`);
    const words = Object.fromEntries(Object.entries(frozen).map(([key, old]) => [key, { words: retold(old.words) }]));
    const except = (key: string) => words[key];
    const parts = { axes: ['batch', 'head', 'time'], pictures: { chunks, decay }, except };
    expect(await expectFrozen(ssdExhibit, name, frozen, parts)).toBeGreaterThanOrEqual(4);
  },
);

test.each([
  ['cs', decay, /^Head 1: this run did not record C\.$/],
  ['segment', decay, /the running sum reaches −[\d,]+, where neighbouring numbers lie [\d.e-]+ apart\.$/],
  ['local', chunks, /^Head 1: this run did not record S\.$/],
  ['passed', chunks, /^Head 1: this run did not record R\.$/],
] as const)('where %s was not recorded nothing is said of it', async (value, picture, words) => {
  const run = withoutRecord(await shipped('ssd-chunked'), value);
  expect(wordsAt(picture, run, run.trace.steps.length, { extents: ssdExhibit.extents })).toMatch(words);
});
