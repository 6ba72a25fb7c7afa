import { describe, expect, test } from 'vitest';
import { attention } from '#gpu/mechanisms/attention/index.ts';
import { hbmBytes } from '../../exhibit/moved-bytes.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { shipped } from '../../exhibit/testing/frozen-scenes.ts';
import { attentionRemark, attentionStory, coverageOf } from './story.ts';
import { masked, recordWalk, takingTurns, type Walk } from './testing/traced-walk.ts';
import { memoryView, tilingView } from './testing/views.ts';

const dense: Walk = { nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, visits: () => [0, 1, 2, 3] };

describe('story', () => {
  test('names counted bytes of both runs and nothing odd about a whole walk', () => {
    const recording = recordWalk(dense);
    const other = { ...recordWalk({ ...dense, visits: () => [0, 1, 2, 3, 0, 1, 2, 3] }), variant: 'standard' };
    const story = attentionStory(recording, [other]);
    expect(story).toBe(
      'To attend over 12 keys from 8 queries this kernel moved 1.79 KB between HBM and SRAM; the standard one moves 3.33 KB.',
    );
    expect(hbmBytes(recording)).toBe(1792);
  });

  test('a kernel that declares no workgroup memory moves its bytes between HBM and the registers', () => {
    const walked = recordWalk(dense);
    const buffers = walked.trace.buffers.map((buffer) => ({ ...buffer, length: buffer.space === 'workgroup' ? 0 : 1 }));
    const bare = { ...walked, trace: { ...walked.trace, buffers } };
    expect(attentionStory(bare, [])).toContain('moved 1.79 KB between HBM and the registers');
    const summary = (recording: Recording) => memoryView.summary({ recording, tick: 1, selection: null, others: [] });
    expect(summary(bare)).toContain('; the kernel declares no SRAM.');
    expect(summary(walked)).toContain('; 0 B read from SRAM.');
  });

  test('of several sequences it says how many they are, and what they are together', () => {
    const about = (seqlensQ: number[], seqlensK: number[]) => {
      const walked = recordWalk(dense);
      const config = { ...walked.config, batch: seqlensQ.length, seqlensQ, seqlensK };
      return /To attend over (.*) this kernel moved/.exec(attentionStory({ ...walked, config }, []))?.[1];
    };
    expect(about([48, 17, 0, 30], [48, 17, 0, 30])).toBe('four sequences with 95 tokens together');
    expect(about([4, 2], [4, 8])).toBe('two sequences with 12 keys from 6 queries together');
    expect(about([8, 8], [8, 8])).toBe('two sequences of 8 tokens');
    expect(about([2, 2], [8, 8])).toBe('two sequences of 8 keys from 2 queries');
    expect(about([8], [8])).toBe('8 tokens');
  });

  test('and names the sequence and head that its key tiles are of', () => {
    const turns = takingTurns(recordWalk({ ...dense, visits: (tile) => (tile === 2 ? [1] : [0, 1, 2, 3]) }));
    expect(coverageOf(turns)).toMatchObject({ batch: 0, head: 2 });
    expect(attentionStory(turns, [])).toContain(
      '1 of 4 key tiles of head 3 was read, though the mask lets all through.',
    );
    const summary = tilingView.summary({ recording: turns, tick: 0, selection: null, others: [] });
    expect(summary).toContain('. Head 1 of 4: 0 of 4 tiles visited.');
    const config = { ...turns.config, batch: 2, seqlensQ: [2, 0], seqlensK: [12, 0] };
    const both = tilingView.summary({ recording: { ...turns, config }, tick: 0, selection: null, others: [] });
    expect(both).toContain('. Sequence 1 of 2, head 1 of 4: 0 of 4 tiles visited.');
  });

  test('counts words where words begin, and says tokens where none does', () => {
    const recording = recordWalk(dense);
    const told = (query: string[]) => attentionStory({ ...recording, tokens: { query, key: query } }, []);
    expect(told(['▁the', '▁cat'])).toContain('attend over your 2 words this');
    expect(told(['▁walk', 'ing'])).toContain('attend over your 1 word (2 tokens) this');
    expect(told(['▁', '猫がマット'])).toContain('attend over your 2 tokens this');
    expect(told(['▁', '😀🎉', '▁', '❤️'])).toContain('attend over your 4 tokens this');
  });

  test('says that key tiles were left out or read twice', () => {
    const recording = recordWalk({ ...dense, visits: () => [0, 1, 1, 3] });
    expect(coverageOf(recording)).toMatchObject({ keyTiles: 4, keyTilesRead: 3, keyTilesRepeated: 1, mostTimes: 2 });
    expect(attentionStory(recording, [])).toContain(
      '3 of 4 key tiles were read, though the mask lets all through; one was read twice.',
    );
  });

  test('says honestly when FlashAttention moves more', () => {
    const recording = recordWalk(dense);
    const standard = { ...recordWalk({ ...dense, visits: () => [0, 1] }), variant: 'standard' };
    expect(attentionStory(recording, [standard])).toContain('That is 1.75 times as much: with tiles of only 2 × 3');
    expect(attentionRemark(recording, [standard])).toContain('FlashAttention moves 1.75 times as much');
    const nearly = withScores('standard', 740, [0, 1]);
    expect(hbmBytes(nearly)).toBe(1764);
    expect(attentionStory(recording, [nearly])).toContain('That is 1.02 times as much');
    const barely = withScores('standard', 766, [0, 1]);
    expect(attentionStory(recording, [barely])).toContain('That is 1.001 times as much');
  });

  const sentences = (story: string) => story.match(/[.!?](?=\s|$)/g)?.length;
  /** The walk as another variant's run that also moved a score matrix of so many bytes. */
  const withScores = (variant: string, bytes: number, visits = [0, 1, 2, 3, 0, 1, 2, 3]) => {
    const recording = { ...recordWalk({ ...dense, visits: () => visits }), variant };
    const scores = { ...recording.trace.totals[0]!, buffer: 's', loadBytes: bytes / 2, storeBytes: bytes / 2 };
    const buffer = { ...recording.trace.buffers[0]!, name: 's' };
    const { totals, buffers } = recording.trace;
    return { ...recording, trace: { ...recording.trace, totals: [...totals, scores], buffers: [...buffers, buffer] } };
  };

  test('says what was saved and by what, from the counts of both runs', () => {
    const story = attentionStory(recordWalk(dense), [withScores('standard', 1000)]);
    expect(story).toMatch(/the standard one moves 4\.33 KB\. It saves 2\.54 KB because the score matrix, 1\.00 KB of/);
    expect(sentences(story)).toBe(2);
  });

  test('the standard kernel names its score matrix, and what the other pays instead where that is more', () => {
    const standard = withScores('standard', 1000, [0, 1, 2, 3]);
    expect(attentionStory(standard, [{ ...recordWalk(dense), variant: 'flash-v2' }])).toMatch(
      /1\.00 KB of it is the score matrix on its way out and back, which the other keeps on chip\.$/,
    );
    const cheap = withScores('standard', 100, [0, 1, 2, 3]);
    const reread = recordWalk({ ...dense, br: 1 });
    const story = attentionStory(cheap, [{ ...reread, variant: 'flash-v2' }]);
    expect(story).toMatch(/the other keeps it on chip, but keys and values are read again for every query tile\.$/);
    expect(sentences(story)).toBe(2);
  });

  test('a mask that the others do not have is named, and so is what it leaves out', () => {
    const walked = recordWalk({ ...dense, visits: (tile) => [tile] });
    const diagonal = masked(walked, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    const without = ['block mask'];
    const story = attentionStory(diagonal, [
      { ...withScores('standard', 1000), without },
      { ...recordWalk(dense), without },
    ]);
    expect(story).toContain('; without the mask FlashAttention-2 moves 1.79 KB, the standard one 4.33 KB.');
    expect(story).toMatch(/Only 4 of 16 tiles were visited: what the mask leaves out is never loaded\.$/);
    expect(sentences(story)).toBe(2);
  });
});

describe('every preset as it is shipped', () => {
  test.each(attention.presets)('$id: no tile is said to be read twice or left out', async ({ id }) => {
    const recording = await shipped(`attention-${id}`);
    expect(coverageOf(recording)).toMatchObject({ missedCells: 0, repeatedCells: 0, mostTimes: 1 });
  });
});
