import { expect, test } from 'vitest';
import type { Tensor } from '#gpu/core/tensor.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { shipped } from '../../exhibit/testing/frozen-scenes.ts';
import { wordsAt } from '../../exhibit/testing/scene-at.ts';
import { rounds, tokenPruningExhibit } from './exhibit.ts';

const run = await shipped('token-pruning-prune');
const { importance, next_mask } = run.outputs as Record<'importance' | 'next_mask', Tensor>;

/** The story's last sentence, of a run that gave other outputs. */
function found(outputs: Record<string, number[]>, config: Partial<Recording['config']> = {}): string {
  const changed = Object.entries(outputs).map(([name, data]) => {
    const tensor = run.outputs[name]!;
    return [name, { ...tensor, data: Object.assign(tensor.data.slice(), data) }];
  });
  const other = {
    ...run,
    config: { ...run.config, ...config },
    outputs: { ...run.outputs, ...Object.fromEntries(changed) },
  };
  return tokenPruningExhibit.story(other, []).replace(/^.*? (?:SRAM|on-chip memory)\. ?/, '');
}

const keeping = (count: number) => Array.from(next_mask.data, (_, i) => (i < count ? 1 : 0));
const ones = Array.from(importance.data, () => 1);

test('a pruning layer is told by the mask it made, not by the ratio that was asked for', () => {
  expect(found({ importance: ones, next_mask: keeping(9) })).toBe(
    'Of 36 tokens, 9 stay beside CLS, with 25.0 % of the importance.',
  );
  expect(found({ importance: ones, next_mask: keeping(1) })).toContain('1 stays beside CLS, with 2.8 %');
  expect(found({ importance: ones, next_mask: keeping(0) })).toContain('0 stay beside CLS, with 0.0 %');
  expect(found({ importance: ones, next_mask: keeping(18) }, { ratio: 0.1 })).toContain('18 stay');
  const [first] = [found({})];
  expect(found({ next_mask: Array.from(next_mask.data, (kept) => 1 - kept) })).not.toBe(first);
});

test('an importance that adds up to nothing, or to no number, has no shares', () => {
  expect(found({ importance: ones.map(() => 0) })).toBe('');
  expect(found({ importance: [Number.NaN] })).toBe('');
  expect(found({ importance: [Number.POSITIVE_INFINITY] })).toBe('');
});

test('of several sequences the first is spoken of, by name', () => {
  expect(found({}, { batch: 2 })).toMatch(/^Of 36 tokens of the first sequence, 18 stay/);
});

test('where no token leaves, the first in the order is told, and no ratio is', async () => {
  const votes = await shipped('token-pruning-votes');
  const first = votes.outputs.order!.data[0]! + 1;
  expect(tokenPruningExhibit.story(votes, [])).toMatch(
    new RegExp(`Of 16 tokens, token ${first} is the most important, with \\d+\\.\\d % of the importance\\.$`),
  );
});

test('the rounds say how far the votes of the picked head are', async () => {
  const votes = await shipped('token-pruning-votes');
  const { extents } = tokenPruningExhibit;
  expect(wordsAt(rounds, votes, 0, { extents })).toBe('Head 1: none of 6 rounds reached.');
  expect(wordsAt(rounds, votes, votes.trace.steps.length, { extents })).toBe('Head 1: round 5 reached, of 0 to 5.');
  const second = { kind: 'at', at: { head: 1 } } as const;
  expect(wordsAt(rounds, votes, votes.trace.steps.length, { extents, place: second })).toMatch(/^Head 2: round 5 /);
});
