import { expect, test } from 'vitest';
import type { Look } from '../../exhibit/names.ts';
import type { PictureState } from '../../exhibit/picture.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { graph } from './graph.ts';

const picture = graph({
  id: 'graph',
  title: 'Graph',
  about: '',
  most: 3,
  mostOfSelected: 2,
  nodes: { axis: 'node', called: 'node', label: (_run, i) => (i === 0 ? 'first' : String(i)) },
  picks: [{ axis: 'head', label: 'Head' }],
  score: { record: 's', look: 's', title: 'score', over: 'round' },
  edges: { record: 'w', look: 'w', title: 'weight', from: 'from', to: 'to' },
  kept: { record: 'kept' },
  beside: { rank: { record: 'rank' } },
});

/** Rows [step, value, …coordinates] as the table of one record line. */
function table(name: string, at: string[], rows: number[][]) {
  const column = (i: number) => Float32Array.from(rows, (row) => row[i]!);
  return {
    kernel: 'k.wgsl',
    line: 1,
    values: [name],
    at,
    step: Uint32Array.from(rows, ([step]) => step!),
    invocation: new Uint32Array(rows.length),
    columns: [column(1), ...at.map((_, i) => column(i + 2))],
  };
}

/** Weight 0.1 · (4 from + to) of head 0, a row a step; scores of round 0 in step 4, of round 1 in step 5; ranks and what is kept in step 6. */
function recordingOf(scale = 1, prunes = true): Recording {
  const nodes = [0, 1, 2, 3];
  const weights = nodes.flatMap((from) => nodes.map((to) => [from, scale * 0.1 * (4 * from + to), 0, from, to]));
  const scores = [0, 1].flatMap((round) =>
    nodes.map((node) => [4 + round, scale * (round ? 0.1 * (node + 1) : 0.25), 0, node, round]),
  );
  const records = [
    table('w', ['head', 'from', 'to'], weights),
    table('s', ['head', 'node', 'round'], scores),
    table(
      'rank',
      ['node'],
      nodes.slice(1).map((node) => [6, 3 - node, node]),
    ),
    ...(prunes
      ? [
          table(
            'kept',
            ['node'],
            nodes.slice(1).map((node) => [6, Number(node > 1), node]),
          ),
        ]
      : []),
  ];
  return {
    trace: { records, steps: Array(7) },
    inputs: {},
    outputs: {},
    plan: { buffers: [] },
  } as unknown as Recording;
}

const names = {
  lookOf: (name: string) => ({ letter: name, colour: `--${name}` }) as unknown as Look,
  steps: {},
  variants: {},
  extents: () => ({ head: 2, node: 4, from: 4, to: 4, round: 2 }),
};
const run = recordingOf();
const stateAt = (tick: number, more: Partial<PictureState> = {}): PictureState => ({
  run,
  tick,
  place: null,
  others: [],
  names,
  ...more,
});
const sceneAt = (tick: number, more: Partial<PictureState> = {}) => picture.scene(stateAt(tick, more));
const at = (node: number, head = 0) => ({ kind: 'at', at: { head, node } }) as const;

test('before the first step nothing is known', () => {
  const scene = sceneAt(0);
  expect(scene.edges).toEqual([]);
  expect(scene.nodes.every(({ score, kept }) => Number.isNaN(score) && kept === undefined)).toBe(true);
  expect(picture.words(scene, stateAt(0))).toBe('No node has a score yet.');
});

test('at the end of a run that recorded none, no score is still to come', () => {
  const records = run.trace.records!.filter(({ values }) => values[0] !== 's');
  const unscored = { ...run, trace: { ...run.trace, records } } as Recording;
  const said = (tick: number) => {
    const state = stateAt(tick, { run: unscored, place: at(1) });
    const scene = picture.scene(state);
    return [picture.words(scene, state), picture.status(scene, state).split(',')[0]];
  };
  expect(said(6)).toEqual([
    'No node has a score yet; the 3 strongest weights are drawn, and 3 more of the selected node.',
    'node 1: score not yet',
  ]);
  expect(said(7)[0]).toMatch(/^This run recorded no scores; the 3 strongest weights are drawn/);
  expect(said(7)[1]).toBe('node 1: score not recorded');
});

test('the strongest edges known at a tick are drawn, strongest first', () => {
  const places = (tick: number) => sceneAt(tick).edges.map(({ from, to }) => [from, to]);
  expect(places(1)).toEqual([
    [0, 3],
    [0, 2],
    [0, 1],
  ]);
  expect(places(4)).toEqual([
    [3, 3],
    [3, 2],
    [3, 1],
  ]);
});

test('the edges of the selected node are drawn besides: those that leave it and those that reach it', () => {
  const own = sceneAt(4, { place: at(1) }).edges.filter(({ from, to }) => from === 1 || to === 1);
  expect(own.map(({ from, to }) => [from, to])).toEqual([
    [3, 1],
    [2, 1],
    [1, 3],
    [1, 2],
  ]);
  const state = stateAt(4, { place: at(1) });
  expect(picture.words(picture.scene(state), state)).toMatch(
    /the 3 strongest weights are drawn, and 3 more of the selected node\./,
  );
});

test('a node has the score of the last round that the run has reached, and its size keeps the scale of the whole run', () => {
  expect(sceneAt(5).nodes.map(({ score }) => score)).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect(sceneAt(6).nodes[3]!.score).toBeCloseTo(0.4, 6);
  expect(sceneAt(5).most).toBe(sceneAt(6).most);
});

test('runs side by side share their scales', () => {
  const louder = recordingOf(3);
  const scene = sceneAt(7, { together: [run, louder] });
  expect([scene.most, scene.heaviest]).toEqual([expect.closeTo(1.2, 6), expect.closeTo(4.5, 6)]);
  expect(sceneAt(7).most).toBeCloseTo(0.4, 6);
});

test('what is left out is known when it was decided, and said', () => {
  expect(sceneAt(6).nodes.map(({ kept }) => kept)).toEqual([undefined, undefined, undefined, undefined]);
  const scene = sceneAt(7);
  expect(scene.nodes.map(({ kept }) => kept)).toEqual([undefined, false, true, true]);
  expect(picture.words(scene, stateAt(7))).toBe(
    'The highest score of 4 nodes is 0.4000, of 3; the 3 strongest weights are drawn. Left out: 1 node.',
  );
  expect(picture.legend!(scene, stateAt(7)).map(({ id }) => id)).toEqual(['node', 'edge', 'out']);
});

test('a run that leaves nothing out has no word of it', () => {
  const plain = { run: recordingOf(1, false) };
  expect(picture.legend!(sceneAt(7, plain), stateAt(7, plain)).map(({ id }) => id)).toEqual(['node', 'edge']);
  expect(picture.table(sceneAt(7, plain), stateAt(7, plain)).columns.map(({ id }) => id)).not.toContain('kept');
});

test('the status tells a node’s values, its fate, and whom it looks at most', () => {
  const state = stateAt(7, { place: at(1) });
  expect(picture.status(picture.scene(state), state)).toBe(
    'node 1: score 0.2000, rank 2, left out, largest weight to 3 (0.7000), from 3 (1.300)',
  );
  const start = stateAt(0, { place: at(0) });
  expect(picture.status(picture.scene(start), start)).toBe('node 0 (“first”): score not yet');
  expect(picture.status(sceneAt(7), stateAt(7))).toBe('');
});

test('the table has every node with its values and its strongest edge', () => {
  const { columns, rows } = picture.table(sceneAt(7), stateAt(7));
  expect(columns.map(({ title }) => title)).toEqual([
    'Node',
    'Label',
    'Score',
    'Rank',
    'Kept',
    'Largest weight to',
    'Weight',
  ]);
  expect(rows.map((row) => [row[0], row[4], row[5]])).toEqual([
    [0, '', '3'],
    [1, 'left out', '3'],
    [2, 'kept', '3'],
    [3, 'kept', '3'],
  ]);
  expect(picture.table(sceneAt(0), stateAt(0)).rows[2]).toEqual([2, '2', '', '', '', '', '']);
});

test('another head has nodes and edges of its own, and is shown where a place names it', () => {
  const scene = sceneAt(7, { place: at(1, 1) });
  expect(scene.edges).toEqual([]);
  expect(picture.picks!(scene, stateAt(7))).toEqual([{ axis: 'head', label: 'Head', count: 2, at: 1 }]);
});

test('arrows walk the ring and, up and down, the scores; a place keeps the head and the round reached', () => {
  const walk = (key: string, node: number | null) => {
    const place = node === null ? null : at(node);
    return picture.walk(sceneAt(6, { place }), place, key);
  };
  const to = (node: number) => ({ kind: 'at', at: { head: 0, node, round: 1 } });
  expect(walk('ArrowRight', null)).toEqual(to(0));
  expect(walk('ArrowLeft', 0)).toEqual(to(3));
  expect(walk('ArrowRight', 3)).toEqual(to(0));
  expect(walk('ArrowUp', 1)).toEqual(to(2));
  expect(walk('ArrowDown', 0)).toEqual(to(0));
  expect(walk('End', 0)).toEqual(to(3));
  expect(walk('Enter', 0)).toBeNull();
});

test('pressing a node selects it, pressing beside the ring does not', () => {
  const size = { width: 600, height: 400 };
  expect(picture.hit(sceneAt(6), size, { x: 300, y: 44 })).toEqual({ kind: 'at', at: { head: 0, node: 0, round: 1 } });
  expect(picture.hit(sceneAt(6), size, { x: 300, y: 200 })).toBeNull();
});
