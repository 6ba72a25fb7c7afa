import { expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { attention } from '#gpu/mechanisms/attention/index.ts';
import type { Recording } from '../exhibit/recording.ts';
import type { MechanismView } from '../exhibit/view.ts';
import { wholeExhibit } from '../exhibit/whole-view.ts';
import { loadView } from '../mechanisms/load-view.ts';
import { entries as attentionEntries } from './entries/attention.ts';
import { entries as generalEntries } from './entries/general.ts';
import { sourceLine } from './source-line.ts';
import { generalTerms } from './terms/general.ts';

const ids = [...mechanisms.values()].filter(({ role }) => role === 'mechanism').map(({ id }) => id);
const EXHIBITS = await Promise.all(ids.map(async (id) => wholeExhibit((await loadView(id))!)));
const SETS = [...new Set([generalTerms, ...EXHIBITS.flatMap(({ terms = [] }) => terms)])];

test.each(SETS)(
  'every term of the set “$title” has one sentence, and none is missing',
  async ({ ids, words, load }) => {
    const entries = await load();
    expect(Object.keys(entries).sort()).toEqual([...ids].sort());
    for (const [, id] of words) expect(ids).toContain(id);
    for (const { title, text } of Object.values(entries)) {
      expect(title.length).toBeGreaterThan(0);
      expect(text).toMatch(/\.$/);
      expect(text.match(/[.!?](?=\s|$)/g)).toHaveLength(1);
    }
  },
);

test('every term that a control or the page itself names is explained', () => {
  for (const { id, terms = [], controls } of EXHIBITS) {
    const known = [...terms, generalTerms].flatMap((set) => set.ids);
    for (const { term } of controls) if (term !== undefined) expect(known, id).toContain(term);
  }
  const texts = Object.entries(
    import.meta.glob<string>('../{shell,numbers,parts,gallery}/**/*.tsx', {
      query: '?raw',
      import: 'default',
      eager: true,
    }),
  );
  const named = texts.flatMap(([file, text]) =>
    [...text.matchAll(/<Term id="([^"]+)"/g)].map(([, term]) => ({ file, term: term! })),
  );
  expect(named.length).toBeGreaterThanOrEqual(3);
  for (const { file, term } of named) expect(generalTerms.ids, file).toContain(term);
});

test('every term has a picture of its own that stays within its frame', async () => {
  const entries = (await Promise.all(SETS.map(({ load }) => load()))).flatMap((each) => Object.entries(each));
  expect(entries.length).toBeGreaterThanOrEqual(45);
  expect(new Set(entries.map(([, { picture }]) => JSON.stringify(picture))).size).toBe(entries.length);
  for (const [id, { picture }] of entries) {
    for (const { d } of picture) {
      const starts = [...d.matchAll(/M(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
      expect(starts.length, id).toBeGreaterThan(0);
      for (const [x, y] of starts) expect(x! >= 0 && x! <= 48 && y! >= 0 && y! <= 32, `${id}: ${d}`).toBe(true);
      expect(d, id).not.toMatch(/NaN|Infinity|undefined/);
    }
  }
});

const recordingsOf = ({ id }: MechanismView) => mechanisms.get(id)!.variants.map(({ kernels }) => ({ kernels }));

test.each(SETS)(
  'a term of the set “$title” that names a view or a line finds it where the set is spoken',
  async (set) => {
    const speakers = EXHIBITS.filter(({ terms = [] }) => set === generalTerms || terms.includes(set));
    expect(speakers.length).toBeGreaterThan(0);
    const views = speakers.flatMap((each) => each.views.map(({ id }) => id));
    const recordings = speakers.flatMap(recordingsOf);
    for (const [id, entry] of Object.entries(await set.load())) {
      if (entry.view) expect(views, id).toContain(entry.view.id);
      if (!entry.source) continue;
      const found = recordings.filter((recording) => sourceLine(entry, recording));
      expect(found.length, `${id} is in no kernel`).toBeGreaterThan(0);
    }
  },
);

test('the line is the one of the text on screen, not of a comment', () => {
  const wgsl = '// workgroupBarrier() waits\nfn main() {\n  let x = 1u;\n  workgroupBarrier();\n}';
  const mine: Pick<Recording, 'kernels'> = { kernels: [{ file: 'mine.wgsl', wgsl }] };
  const [barrier, rescale] = [generalEntries.barrier!, attentionEntries.rescale!];
  expect(sourceLine(barrier, mine)).toEqual({ kernel: 'mine.wgsl', line: 4 });
  expect(sourceLine(rescale, mine)).toBeNull();
  expect(sourceLine(barrier, null)).toBeNull();
  const { kernels } = attention.variants.find(({ id }) => id === 'flash-v2')!;
  const { line, kernel } = sourceLine(rescale, { kernels })!;
  expect(kernels.find(({ file }) => file === kernel)!.wgsl.split('\n')[line - 1]).toContain('rescale = exp(');
});

test('lines of a hundred thousand signs, which an edited kernel may have, are looked through at once', async () => {
  const long = ['exp(', ' ', '= ', 's[', '= score '].map((piece) => piece.repeat(100_000 / piece.length));
  const recording = { kernels: [{ file: 'a.wgsl', wgsl: [...long, 'l += 1.0;'].join('\n') }] } as Recording;
  const entries = [attentionEntries, generalEntries].flatMap((each) => Object.values(each));
  const before = performance.now();
  const found = entries.filter((entry) => sourceLine(entry, recording) !== null);
  expect(performance.now() - before).toBeLessThan(1000);
  expect(found).toHaveLength(1);
});
