import { expect, test } from 'vitest';
import { attention } from '#gpu/mechanisms/attention/index.ts';
import { mambaBlock } from '#gpu/mechanisms/mamba-block/index.ts';
import type { Recording } from '../exhibit/recording.ts';
import { attentionView } from '../mechanisms/attention/View.tsx';
import { mambaBlockView } from '../mechanisms/mamba-block/View.tsx';
import { GLOSSARY } from './entries.ts';
import { PICTURES } from './pictures.ts';
import { PLACES, sourceOf } from './places.ts';
import { isTerm, TERMS } from './terms.ts';

test('every term has one sentence, and none is missing', () => {
  expect(Object.keys(GLOSSARY).sort()).toEqual([...TERMS].sort());
  expect(TERMS.length).toBeGreaterThanOrEqual(20);
  for (const { title, text } of Object.values(GLOSSARY)) {
    expect(title.length).toBeGreaterThan(0);
    expect(text).toMatch(/\.$/);
    expect(text.match(/[.!?](?=\s|$)/g)).toHaveLength(1);
  }
});

test('only ids of the glossary are terms', () => {
  expect(isTerm('online-softmax')).toBe(true);
  expect(isTerm('toString')).toBe(false);
  expect(isTerm(undefined)).toBe(false);
});

test('every term has a picture of its own that stays within its frame', () => {
  const drawings = TERMS.map((id) => JSON.stringify(PICTURES[id]));
  expect(new Set(drawings).size).toBe(TERMS.length);
  for (const id of TERMS) {
    for (const { d } of PICTURES[id]) {
      const starts = [...d.matchAll(/M(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
      expect(starts.length, id).toBeGreaterThan(0);
      for (const [x, y] of starts) expect(x! >= 0 && x! <= 48 && y! >= 0 && y! <= 32, `${id}: ${d}`).toBe(true);
      expect(d, id).not.toMatch(/NaN|Infinity|undefined/);
    }
  }
});

const recordingWith = (variant: string, of = attention) =>
  ({ kernels: of.variants.find(({ id }) => id === variant)!.kernels }) as unknown as Recording;

test('a term that names a view or a line finds it', () => {
  const views = new Set([attentionView, mambaBlockView].flatMap((each) => each.views.map(({ id }) => id)));
  const sources = [attention, mambaBlock].flatMap((each) => each.variants.map(({ id }) => recordingWith(id, each)));
  for (const id of TERMS) {
    const place = PLACES[id];
    if (place?.view) expect(views, id).toContain(place.view.id);
    if (place?.source)
      expect(
        sources.some((recording) => sourceOf(id, recording)),
        `${id} is in no kernel`,
      ).toBe(true);
  }
});

test('the line is the one of the text on screen, not of a comment', () => {
  const wgsl = '// workgroupBarrier() waits\nfn main() {\n  let x = 1u;\n  workgroupBarrier();\n}';
  const recording = { kernels: [{ file: 'mine.wgsl', wgsl }] } as unknown as Recording;
  expect(sourceOf('barrier', recording)).toEqual({ kernel: 'mine.wgsl', line: 4 });
  expect(sourceOf('rescale', recording)).toBeNull();
  expect(sourceOf('barrier', null)).toBeNull();
  const { line, kernel } = sourceOf('rescale', recordingWith('flash-v2'))!;
  expect(
    recordingWith('flash-v2')
      .kernels.find(({ file }) => file === kernel)!
      .wgsl.split('\n')[line - 1],
  ).toContain('rescale = exp(');
});
