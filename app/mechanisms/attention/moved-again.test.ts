import { describe, expect, test } from 'vitest';
import type { Recording } from '../../exhibit/recording.ts';
import { movedAgain } from './moved-again.ts';
import { attentionRemark, attentionStory } from './story.ts';
import { recordWalk, type Walk } from './testing/traced-walk.ts';

const one: Walk = { nq: 8, nk: 12, headDim: 4, br: 8, bc: 12, visits: () => [0] };
const four: Walk = { ...one, br: 2 };

type Totals = Recording['trace']['totals'][number];

/** The run with some of its totals changed. */
function withTotals(recording: Recording, changes: Record<string, (total: Totals) => Partial<Totals>>): Recording {
  const totals = recording.trace.totals.map((total) => ({ ...total, ...changes[total.buffer]?.(total) }));
  return { ...recording, trace: { ...recording.trace, totals } };
}

const times = (factor: number) => (total: Totals) => ({ loadBytes: factor * total.loadBytes });

/** As a software form of the tuned kernel runs: it declares no workgroup memory. */
function tuned(walk: Walk, factors: Record<string, number>): Recording {
  const recording = withTotals(
    recordWalk(walk),
    Object.fromEntries(Object.entries(factors).map(([name, factor]) => [name, times(factor)])),
  );
  const { buffers: all } = recording.trace;
  const buffers = all.map((buffer) => (buffer.space === 'workgroup' ? { ...buffer, length: 0 } : buffer));
  return { ...recording, variant: 'flash-v2-tuned', trace: { ...recording.trace, buffers } };
}

/** flash-v1's outputs come back before they are stored again. */
const readingOutputs = (recording: Recording): Recording => ({
  ...withTotals(recording, { out: ({ stores, storeBytes }) => ({ loads: stores, loadBytes: storeBytes }) }),
  variant: 'flash-v1',
});

describe('what a run moved again', () => {
  test('with several query tiles, keys and values for each; with one, nothing', () => {
    expect(movedAgain(recordWalk(four))).toEqual({
      words: 'keys and values are read again for every query tile',
      byTile: true,
    });
    expect(movedAgain(recordWalk(one))).toBeNull();
  });

  test('of flash-v1 with several key tiles, queries and outputs; with one, the outputs that it stored empty', () => {
    const several = withTotals(readingOutputs(recordWalk({ ...one, bc: 3 })), { q: times(4) });
    expect(movedAgain(several)?.words).toBe('queries and outputs are read again for every key tile');
    const single = movedAgain(readingOutputs(recordWalk(one)));
    expect(single).toMatchObject({
      byTile: false,
      words: expect.stringMatching(/^outputs, sums and maxima are first stored/),
    });
  });

  test('of the tuned kernel’s forms that stage nothing, what each group of invocations read for itself', () => {
    const words = (factors: Record<string, number>) => movedAgain(tuned(one, factors))?.words;
    const unshared = 'as none of them is kept on chip to be shared';
    expect(words({ k: 2, v: 2 })).toBe(`keys and values are read twice, ${unshared}`);
    expect(words({ q: 4 })).toBe(`queries are read 4 times, ${unshared}`);
    expect(words({ q: 4, k: 8, v: 8 })).toBe(`queries are read 4 times and keys and values 8 times, ${unshared}`);
    expect(words({ q: 4, k: 4, v: 4 })).toBe(`queries, keys and values are read 4 times, ${unshared}`);
    expect(words({ k: 2, v: 3 })).toBe(`keys and values are read 2.5 times on average, ${unshared}`);
    expect(words({})).toBeUndefined();
  });

  test('of rows that had to be widened, their copies', () => {
    const recording = { ...recordWalk(one), variant: 'flash-v2-tuned' };
    const copy = { ...recording.trace.totals[0]!, buffer: 'q_padded', stores: 32 };
    const { trace } = recording;
    const padded = { ...recording, trace: { ...trace, totals: [...trace.totals, copy] } };
    expect(movedAgain(padded)?.words).toMatch(/^queries, keys and values are first copied/);
  });

  test('nothing is named where the words that were read are not told apart', () => {
    const unknown = withTotals(recordWalk(four), { k: () => ({ uniqueLoaded: Number.NaN }) });
    expect(movedAgain(unknown)).toBeNull();
  });
});

describe('where one tile covers everything', () => {
  const cheaper = (recording: Recording) => ({ ...withTotals(recording, { k: times(0.1) }), variant: 'standard' });

  test('neither story nor remark blames the tiles or promises that larger ones would move less', () => {
    for (const recording of [readingOutputs(recordWalk(one)), tuned(one, { k: 2, v: 2 })]) {
      const standard = cheaper(recordWalk(one));
      const story = attentionStory(recording, [standard]);
      const remark = attentionRemark(recording, [standard]);
      expect(story).toContain(movedAgain(recording)!.words);
      expect(remark).toContain(movedAgain(recording)!.words);
      for (const said of [story, remark]) expect(said).not.toMatch(/every (query|key) tile|larger|tiles of/);
      expect(story.match(/[.!?](?=\s|$)/g)).toHaveLength(2);
    }
  });

  test('with several tiles both say so', () => {
    const recording = recordWalk(four);
    const standard = cheaper(recording);
    expect(attentionStory(recording, [standard])).toContain(
      'with tiles of only 2 × 12, keys and values are read again',
    );
    expect(attentionRemark(recording, [standard])).toMatch(/the larger the tiles and the smaller this ratio\.$/);
  });
});
