// The views on a page: each has ink, speaks, is walked by the arrow keys, and keeps those keys from the page.

import { act, createElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { elementPlace, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { ViewProps, ViewSpec } from '../../exhibit/view.ts';
import { loadWholeView } from '../../exhibit/whole-view.ts';
import { attentionExhibit } from './exhibit.ts';
import { rowPlace } from './score-place.ts';
import { tilePlace } from './testing/tile-place.ts';
import { recordWalk, takingTurns } from './testing/traced-walk.ts';
import '../../styles/tokens.css';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const recording = recordWalk({
  nq: 8,
  nk: 12,
  headDim: 4,
  br: 2,
  bc: 3,
  visits: () => [0, 1, 2, 3],
  maximum: (row, key) => row + key,
});
const middle = 20;

let host: HTMLDivElement;
let root: Root;
let selected: (Place | null)[];
let ticks: number[];
let reachedPage: string[];
const listen = (event: KeyboardEvent) => reachedPage.push(event.key);

beforeEach(() => {
  host = document.createElement('div');
  host.style.cssText = 'display:flex;width:800px;height:500px';
  document.body.append(host);
  root = createRoot(host);
  selected = [];
  ticks = [];
  reachedPage = [];
  addEventListener('keydown', listen);
});

afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
  removeEventListener('keydown', listen);
});

const views = await Promise.all(attentionExhibit.views.map(loadWholeView));
const view = (id: string): ViewSpec => views.find((candidate) => candidate.id === id)!;

async function show(
  id: string,
  tick = middle,
  selection: Place | null = null,
  shown: Recording = recording,
  following?: boolean,
): Promise<void> {
  const props: ViewProps = {
    recording: shown,
    tick,
    selection,
    others: [],
    following,
    onSelect: (next) => selected.push(next),
    onTick: (next) => ticks.push(next),
  };
  await act(async () => root.render(createElement(view(id).Component, props)));
  // Sizes arrive from a ResizeObserver, after layout.
  await act(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

/** Pixels of all canvases that are not clear. */
function ink(): number {
  let painted = 0;
  for (const canvas of host.querySelectorAll('canvas')) {
    if (canvas.width === 0 || canvas.height === 0) continue;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) painted += 1;
  }
  return painted;
}

function picture(): HTMLElement {
  return host.querySelector<HTMLElement>('[role="application"], [role="listbox"]')!;
}

async function press(key: string): Promise<void> {
  await act(async () => {
    picture().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  });
}

describe('each picture', () => {
  test.each(['tiling', 'memory', 'reuse', 'timeline'])(
    '%s has ink that changes with the tick, and a name',
    async (id) => {
      await show(id, 2);
      expect(ink()).toBeGreaterThan(2000);
      const name = picture().getAttribute('aria-label');
      expect(name?.length).toBeGreaterThan(20);
      const pixels = () => [...host.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL()).join();
      const before = pixels();
      await show(id, middle);
      expect(pixels()).not.toBe(before);
    },
  );

  test('source lights the lines of the running step', async () => {
    await show('source');
    const lit = [...host.querySelectorAll('.code-line--lit')].map(
      (line) => line.querySelector('.code-line__number')!.textContent,
    );
    expect(lit).toEqual([String(recording.trace.steps[middle - 1]!.lines[0]![0])]);
  });

  test('an empty recording is a picture, not a crash', async () => {
    const empty = recordWalk({ nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, visits: () => [] });
    const bare = { ...empty, trace: { ...empty.trace, steps: [], touches: undefined, records: undefined } };
    for (const { id } of views) {
      await show(id, 0, null, bare);
      const state = { recording: bare, tick: 0, selection: null, others: [] };
      expect(view(id).summary(state).length).toBeGreaterThan(0);
      expect(() => view(id).table(state)).not.toThrow();
    }
    expect(attentionExhibit.story(bare, [])).toContain('between HBM and SRAM');
  });
});

test('the head is said to follow the run, or the one beside whose row is given', async () => {
  const heads = takingTurns(recording);
  const picker = () => host.querySelector('select option')?.textContent;
  await show('tiling', 1, null, heads);
  expect(picker()).toBe('4 of 4, following the run');
  await show('tiling', 1, rowPlace({ batch: 0, head: 1, row: 0 }), heads, true);
  expect(picker()).toBe('2 of 4, as beside');
  await show('tiling', 1, rowPlace({ batch: 0, head: 1, row: 0 }), heads);
  expect(picker()).toBe('follow the run');
});

const tile = (row: number, key: number) => tilePlace({ batch: 0, head: 0, row }, key);
const elementOf = (tensor: string, index: number) =>
  elementPlace(recording.plan.buffers.find(({ name }) => name === tensor)!, index);

describe('the arrow keys', () => {
  test('walk tiles in the grid, and the page does not see them', async () => {
    await show('tiling', middle, tile(2, 3));
    await press('ArrowRight');
    await press('ArrowDown');
    await press('ArrowUp');
    expect(selected).toEqual([tile(2, 6), tile(4, 3), tile(0, 3)]);
    expect(reachedPage).toEqual([]);
    await press('p');
    expect(reachedPage).toEqual(['p']);
  });

  test('walk buffers in the memory picture', async () => {
    await show('memory', middle, { kind: 'buffer', buffer: 'q' });
    await press('ArrowDown');
    expect(selected).toEqual([{ kind: 'buffer', buffer: 'k' }]);
  });

  test('walk elements in the heat maps, from one tensor into the next', async () => {
    await show('reuse', middle, elementOf('q', 7));
    await press('ArrowDown');
    await press('ArrowRight');
    expect(selected).toEqual([elementOf('q', 11), elementOf('k', 4)]);
  });

  test('move the playhead and choose lanes in the timeline', async () => {
    await show('timeline');
    await press('ArrowRight');
    await press('ArrowLeft');
    await press('ArrowDown');
    expect(ticks).toEqual([middle + 1, middle - 1]);
    expect(selected).toEqual([{ kind: 'workgroup', dispatch: 0, workgroup: 2 }]);
  });

  test('choose a line of the source', async () => {
    await show('source', middle, { kind: 'line', kernel: 'flash-v2.wgsl', line: 5 });
    await press('ArrowDown');
    await press('Escape');
    expect(selected).toEqual([{ kind: 'line', kernel: 'flash-v2.wgsl', line: 6 }, null]);
  });
});

test('a view that is loaded later is the one its tab names', () => {
  expect(views.map(({ id, title }) => [id, title])).toEqual(attentionExhibit.views.map(({ id, title }) => [id, title]));
});

test('every exported picture is an SVG document with a title and resolved colours', async () => {
  for (const { id, svg } of views) {
    const state = { recording, tick: middle, selection: null, others: [] };
    const text = await svg!(state, { width: 900, height: 600 }, () => 'rgb(1 2 3)');
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(parsed.querySelector('parsererror'), id).toBeNull();
    expect(parsed.querySelector('title')?.textContent?.length, id).toBeGreaterThan(5);
    // A walk made by hand has no scores on record, and no study has run: then the picture is the sentence that says so.
    if (id === 'scores') expect(parsed.querySelector('text')?.textContent).toBe(view(id).summary(state));
    else if (id === 'length') expect(parsed.documentElement.textContent).toContain('counted when it is opened');
    else expect(parsed.querySelectorAll('rect, polyline, text').length, id).toBeGreaterThan(10);
    expect(text).not.toContain('--');
  }
});
