import { expect, test } from 'vitest';
import type { TimingContestant } from '../exhibit/results.ts';
import { entries as generalEntries } from '../glossary/entries/general.ts';
import { timingVerdict } from './timing-verdict.ts';

const contestant = (
  label: string,
  medianMs: number,
  ci95Ms: [number, number],
  quantumNs: number | null = 1000,
): TimingContestant => ({
  id: label,
  label,
  measurement: {
    samplesMs: [medianMs],
    medianMs,
    ci95Ms,
    clock: 'timestamp-query',
    quantumNs,
    repeatsPerSample: 10,
    rounds: 7,
  },
});

test('overlapping intervals show no difference', () => {
  const verdict = timingVerdict([contestant('a', 1, [0.9, 1.2]), contestant('b', 1.3, [1.1, 1.5])], false);
  expect(verdict).toBe('No difference shown: the intervals of a and b overlap.');
});

test('apart, the faster one is named with the ratio of the medians and the kind of device', () => {
  const pair = [contestant('slow', 3, [2.9, 3.1]), contestant('fast', 1.5, [1.4, 1.6])];
  expect(timingVerdict(pair, false)).toBe('fast was 2.00 times as fast as slow on this device.');
  expect(timingVerdict(pair, true)).toContain('on this software adapter');
});

test('what was faster round after round is called so where intervals overlap, with the reason, as the glossary has it', () => {
  const rounds = Array.from({ length: 12 }, (_, round) => 10 + 4 * (round % 3));
  const of = (label: string, times: number[], interval: [number, number]) => {
    const { measurement, ...rest } = contestant(label, times[6]!, interval);
    return { ...rest, measurement: { ...measurement, samplesMs: times, rounds: times.length } };
  };
  const pair = [
    of(
      'a',
      rounds.map((time, i) => time * (0.6 + 0.01 * i)),
      [7, 14],
    ),
    of('b', rounds, [10, 18]),
  ];
  expect(timingVerdict(pair, false)).toMatch(
    /^a was \d\.\d\d times as fast as b on this device: the faster one round after round, though the intervals overlap\.$/,
  );
  const { text } = generalEntries['confidence-interval']!;
  expect(text).toContain('round after round, even where intervals overlap');
  expect(text).toContain('fewer than eight rounds, only where they lie apart');
});

test('a sample shorter than a step of the clock says nothing', () => {
  const pair = [contestant('a', 0.001, [0.001, 0.001], 100_000), contestant('b', 5, [5, 5])];
  expect(timingVerdict(pair, false)).toContain('Below the clock’s resolution');
});

test('one contestant has no verdict', () => {
  expect(timingVerdict([contestant('a', 1, [1, 1])], false)).toBe('');
});
