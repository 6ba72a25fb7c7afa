import { expect, test } from 'vitest';
import { mambaBlockExhibit } from '../mechanisms/mamba-block/exhibit.ts';
import { workgroupWords } from '../pictures/timeline/timeline-lanes.ts';
import type { Recording } from './recording.ts';
import { shipped } from './testing/frozen-scenes.ts';
import { cutParts, cutSentence, stopsEarly } from './what-was-cut.ts';

test('only where steps were cut does the playback stop early', () => {
  expect(stopsEarly({ truncated: true, cut: ['steps', 'records'] })).toBe(true);
  expect(stopsEarly({ truncated: true, cut: ['touches'] })).toBe(false);
  expect(stopsEarly({ truncated: false })).toBe(false);
  expect(cutSentence({ truncated: false })).toBeNull();
});

test('of a recording that does not say what was cut, steps may have been', () => {
  expect(stopsEarly({ truncated: true })).toBe(true);
  expect(cutParts({ truncated: true })).toBe('steps');
});

test('a run whose recorded values were cut is told to its end', async () => {
  const whole = await shipped('mamba-block-whole');
  const cut = (parts: Recording['trace']['cut']): Recording => ({
    ...whole,
    trace: Object.create(whole.trace, { truncated: { value: true }, cut: { value: parts } }),
  });
  const end = whole.trace.steps.length;
  const [values, steps] = [cut(['records', 'log']), cut(['steps'])];
  expect(workgroupWords(values.trace, end)).toBe(workgroupWords(whole.trace, end));
  expect(workgroupWords(steps.trace, end)).toContain('the steps that were kept end here');
  expect(cutSentence(values.trace)).toBe(
    'The run had more recorded values and single accesses than were kept: its steps and totals are whole.',
  );
  expect(mambaBlockExhibit.story(values, [])).not.toContain('stops early');
});
