import { expect, test } from 'vitest';
import { attentionControls } from '../mechanisms/attention/controls.ts';
import { recordWalk } from '../mechanisms/attention/testing/traced-walk.ts';
import { memoryView, tilingView } from '../mechanisms/attention/testing/views.ts';
import { pictureOf } from '../shell/share/picture-file.ts';

const walk = { nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, causal: true, visits: () => [0, 1, 2, 3] };
const recording = { ...recordWalk(walk), edited: ['flash-v2.wgsl'] };
const other = { ...recordWalk(walk, 'other'), variant: 'standard' };
const surroundings = {
  card: {
    title: 'FlashAttention',
    variants: [
      { id: 'flash-v2', title: 'FlashAttention-2' },
      { id: 'standard', title: 'Standard attention' },
    ],
  },
  exhibit: { controls: attentionControls },
  link: `https://example.org/#v=1&k=flash-v2&sources=${'x'.repeat(400)}`,
  size: { width: 1200, height: 640 },
  inkOf: () => 'rgb(1 2 3)',
};
const stateOf = (shown: typeof recording) => ({ recording: shown, tick: 5, selection: null, others: [] });

test('a picture file says what ran, with its sizes, on which device, what its signs mean, and the link', async () => {
  const svg = await pictureOf(tilingView, [stateOf(recording)], surroundings);
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text!);
  const whole = texts.join(' ');
  for (const words of ['FlashAttention, tiling: FlashAttention-2', 'Queries 8', 'Keys 12', 'Causal mask', 'Row 1'])
    expect(whole).toContain(words);
  for (const words of ['Recorded on test', 'Edited: flash-v2.wgsl', 'visited 2', 'hidden by the mask', 'Step 5 of 40'])
    expect(whole).toContain(words);
  expect(texts.join('').replaceAll('&amp;', '&')).toContain(surroundings.link);
  // No date: the same run gives the same file.
  expect(svg).toBe(await pictureOf(tilingView, [stateOf(recording)], surroundings));
});

test('nothing of the sheet is left of, right of or below its edges', async () => {
  const svg = await pictureOf(tilingView, [stateOf(recording)], surroundings);
  const [, width, height] = /^<svg[^>]* width="(\d+)" height="([\d.]+)"/.exec(svg)!.map(Number) as [
    number,
    number,
    number,
  ];
  expect(width).toBe(1200);
  const ownTexts = svg.replace(/<svg x=.*?<\/svg>/s, '');
  for (const [, x, y, size, text] of ownTexts.matchAll(
    /<text x="([\d.]+)" y="([\d.]+)"[^>]*font-size="(\d+)"[^>]*>([^<]*)</g,
  )) {
    expect(Number(x) + text!.length * Number(size) * 0.5, text).toBeLessThan(width);
    expect(Number(y) + Number(size) / 2, text).toBeLessThan(height);
  }
});

test('two compared pictures come as one file, each with its name, and their patterns do not mix', async () => {
  const states = [recording, other].map((shown) => ({ ...stateOf(shown), together: [recording, other] }));
  const svg = await pictureOf(memoryView, states, surroundings);
  expect(svg).toContain('>FlashAttention-2</text>');
  expect(svg).toContain('>Standard attention</text>');
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  expect(svg).toContain('Standard attention: Recorded on test');
});
