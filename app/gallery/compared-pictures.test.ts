import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Recording } from '../exhibit/recording.ts';
import { shipped } from '../exhibit/testing/frozen-scenes.ts';
import type { ViewSpec, ViewState } from '../exhibit/view.ts';
import { loadWholeView } from '../exhibit/whole-view.ts';
import { loadView } from '../mechanisms/load-view.ts';

/** What a picture beside another has to draw on, in its own units: page and presentation at 1440, 1280 × 720, 1024 × 768 and 390. */
const PANES = [
  [340, 374],
  [299, 301],
  [217, 242],
  [374, 276],
  [687 / 1.5, 515 / 1.5],
  [607 / 1.5, 318 / 1.5],
  [479 / 1.5, 360 / 1.5],
  [374 / 1.25, 261 / 1.25],
] as const;

interface Drawn {
  /** Pixels a byte, by what has one scale. */
  perByte: [of: string, pixels: number][];
  /** Heights at which things stand, by their names. */
  at: Map<string, number>;
}

const attribute = (element: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(element)?.[1] ?? '';

/** Frames of a document in the order they were drawn, those of one kind of ink. */
const framesOf = (svg: string, ink: RegExp) =>
  [...svg.matchAll(/<rect[^>]*>/g)]
    .map(([rect]) => rect)
    .filter((rect) => ink.test(attribute(rect, 'stroke')))
    .map((rect) => ({ x: Number(attribute(rect, 'x')), width: Number(attribute(rect, 'width')) }));

const textsOf = (svg: string) =>
  [...svg.matchAll(/(<text[^>]*>)([^<]*)</g)].map(([, tag, text]) => ({
    text: text!,
    y: Number(attribute(tag!, 'y')),
  }));

/** A frame of the least width says nothing of its bytes. */
const told = ({ width }: { width: number }) => width > 1.5;

/** Levels of memory: a bar for each tensor and way. */
function barsIn(svg: string, rows: (string | number)[][]): Drawn {
  const frames = framesOf(svg, /^--tone/);
  const ways = rows.flatMap(([level, , , , , read, written]) =>
    [Number(read), Number(written)].filter((bytes) => bytes > 0).map((bytes) => [String(level), bytes] as const),
  );
  expect(frames).toHaveLength(ways.length);
  const perByte = ways.flatMap(([level, bytes], i) =>
    told(frames[i]!) ? [[level, frames[i]!.width / bytes] as [string, number]] : [],
  );
  const at = new Map(
    textsOf(svg).flatMap(({ text, y }) => (/^\p{L}$/u.test(text) && text !== 'm' ? [[text, y] as const] : [])),
  );
  return { perByte, at };
}

/** Bars of whole runs, each with its name. */
function runsIn(svg: string, rows: (string | number)[][]): Drawn {
  const frames = framesOf(svg, /^--line-strong$/);
  const titles = textsOf(svg).filter(({ text }) => / · (HBM|SRAM)$/.test(text));
  expect(frames).toHaveLength(titles.length);
  const perByte = titles.flatMap(({ text }, i) => {
    const bytes = rows
      .filter(([run, memory]) => `${run} · ${memory}` === text)
      .reduce((sum, row) => sum + Number(row[3]), 0);
    return bytes > 0 && told(frames[i]!) ? [['bytes', frames[i]!.width / bytes] as [string, number]] : [];
  });
  return { perByte, at: new Map(titles.map(({ text, y }) => [text, y])) };
}

async function drawn(view: ViewSpec, state: ViewState, [width, height]: (typeof PANES)[number]): Promise<Drawn> {
  const svg = await view.svg!(state, { width, height }, (token) => token);
  const { columns, rows } = view.table(state);
  return columns.some(({ id }) => id === 'readInAll') ? barsIn(svg, rows) : runsIn(svg, rows);
}

/** Everything that two pictures show otherwise of what is the same. */
function differences([first, second]: Drawn[]): string[] {
  const scale = new Map<string, number>();
  const found: string[] = [];
  for (const [of, pixels] of [...first!.perByte, ...second!.perByte]) {
    const known = scale.get(of) ?? pixels;
    scale.set(of, known);
    if (Math.abs(pixels - known) > 0.02 * known) found.push(`${of}: ${pixels} px a byte beside ${known}`);
  }
  for (const [name, y] of first!.at) {
    const beside = second!.at.get(name);
    if (beside !== undefined && Math.abs(beside - y) > 0.01) found.push(`${name} at ${y} beside ${beside}`);
  }
  return found;
}

/** Of every mechanism one shipped recording per variant. */
const files = readdirSync('public/recordings').flatMap((file) => (file.endsWith('.rec') ? [file.slice(0, -4)] : []));
const byMechanism = new Map<string, Map<string, Recording>>();
for (const run of await Promise.all(files.map(shipped))) {
  const variants = byMechanism.get(run.mechanism) ?? new Map<string, Recording>();
  byMechanism.set(run.mechanism, variants.has(run.variant) ? variants : variants.set(run.variant, run));
}
const pairs = [...byMechanism].flatMap(([mechanism, variants]) => {
  const runs = [...variants.values()];
  return runs.flatMap((first, i) => runs.slice(i + 1).map((second) => ({ mechanism, pair: [first, second] as const })));
});

test('there are exhibits with variants to compare, of both kinds of pictures of bytes', () => {
  expect(new Set(pairs.map(({ mechanism }) => mechanism)).size).toBeGreaterThanOrEqual(3);
  expect(pairs.map(({ pair }) => pair.map(({ variant }) => variant).join())).toContain('flash-v2,standard');
});

test.each(pairs)(
  '$mechanism, $pair.0.variant beside $pair.1.variant: one length a byte, and one row a tensor, at every size',
  { timeout: 30_000 },
  async ({ mechanism, pair }) => {
    const view = await loadWholeView((await loadView(mechanism))!.views.find(({ id }) => id === 'memory')!);
    const states = pair.map((recording, i) => ({
      recording,
      tick: recording.trace.steps.length,
      selection: null,
      others: [pair[1 - i]!],
      together: pair,
    }));
    for (const pane of PANES) {
      const both = await Promise.all(states.map((state) => drawn(view, state, pane)));
      for (const { perByte, at } of both) expect(Math.min(perByte.length, at.size)).toBeGreaterThan(0);
      expect(differences(both), pane.join(' × ')).toEqual([]);
    }
  },
);

test('pictures that do not know of each other differ in both', async () => {
  const { pair } = pairs.find(({ mechanism }) => mechanism === 'attention')!;
  const view = await loadWholeView((await loadView('attention'))!.views.find(({ id }) => id === 'memory')!);
  const standard = byMechanism.get('attention')!.get('standard')!;
  const alone = [pair[0], standard].map((recording) => ({
    recording,
    tick: recording.trace.steps.length,
    selection: null,
    others: [],
  }));
  const found = differences(await Promise.all(alone.map((state) => drawn(view, state, PANES[5]))));
  expect(found.filter((line) => line.includes('px a byte'))).not.toEqual([]);
  expect(found.filter((line) => line.includes(' at '))).not.toEqual([]);
});
