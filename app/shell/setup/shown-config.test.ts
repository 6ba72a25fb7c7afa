import { expect, test } from 'vitest';
import { shownConfig } from './shown-config.ts';

const mechanism = { id: 'attention', presets: [{ id: 'p', title: 'p', variant: 'v', config: { nq: 64, heads: 1 } }] };
const recording = (origin: 'this-device' | 'file') => ({
  mechanism: 'attention',
  variant: 'v',
  config: { nq: 64, heads: 2 },
  device: { label: 'a device', isSoftware: true, origin },
});
const asked = { variant: 'v', config: { nq: 999_999 } };

test('a run that was refused leaves its own settings on the controls, not those of what stands in for it', () => {
  expect(shownConfig(mechanism, recording('this-device'), asked, false)).toEqual({ nq: 999_999, heads: 2 });
});

test('a run that is up to date, and one from a file, are shown as they ran', () => {
  expect(shownConfig(mechanism, recording('this-device'), asked, true)).toEqual({ nq: 64, heads: 2 });
  expect(shownConfig(mechanism, recording('file'), asked, false)).toEqual({ nq: 64, heads: 2 });
});

test('before any recording the first preset stands under what was set', () => {
  expect(shownConfig(mechanism, null, asked, true)).toEqual({ nq: 999_999, heads: 1 });
});
