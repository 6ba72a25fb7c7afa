// The picture "who looks at whom": a node for every index of an axis, as large as a value recorded for it, and the strongest weights
// between two of them as arrows. What is drawn at a tick is what was known by then.

import { type Extents, NEVER, type Where } from '#gpu/trace/held.ts';
import { type Known, knownAt, knownOf, type Source } from '../../exhibit/known.ts';
import type { Offer } from '../../exhibit/offer.ts';
import { allExtents, pickedAxes, pickersOf } from '../../exhibit/picked-axes.ts';
import type { PickedAxis, Picture, PictureState } from '../../exhibit/picture.ts';
import { clampIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { LegendEntry, ViewTable } from '../../exhibit/view.ts';
import { mostOf } from '../../words/magnitude.ts';
import { exactText, plural, valueText } from '../../words/quantities.ts';
import { capitalised } from '../../words/written-short.ts';
import { drawGraph, type GraphEdge, type GraphScene, hitGraph } from './graph-drawing.ts';

type Named = Source & {
  /** Whose look it has. */
  look: string;
  /** As sentences call it: 'score'. */
  title: string;
};

export interface GraphSpec {
  id: string;
  title: string;
  about: string;
  nothing?(run: Recording): string | null;
  /** What would give it something to draw. */
  instead?: readonly Offer[];
  /** Axis whose indices are the nodes, and what one is called: 'token'. */
  nodes: { axis: string; called: string; label?(run: Recording, index: number): string };
  /** Axes of which one index is shown at a time. */
  picks: readonly PickedAxis[];
  /** Value of a node; the latest there is, where it changes `over` an axis. */
  score: Named & { over?: string };
  /** Weight of an edge, on the axes `from` and `to`. */
  edges: Named & { from: string; to: string };
  /** How many of the strongest edges are drawn; of the selected node, so many besides: more would hide each other. */
  most?: number;
  mostOfSelected?: number;
  /** 1 = kept, 0 = left out. */
  kept?: Source;
  /** More values of a node, for its status and the table, by what they are called. */
  beside?: Readonly<Record<string, Source>>;
}

export interface PickedGraph extends GraphScene {
  at: Where;
  extents: Extents;
  /** Index that the score of each node has reached on the axis it changes over. */
  reached: readonly number[] | null;
  /** How many of the edges are the strongest of all; the others are the selected node's own. */
  ofAll: number;
  /** Letter of the score, as in other pictures. */
  letter: string;
  /** Whether this run leaves nodes out. */
  prunes: boolean;
  /** Weights known by now, row-major [from, to]. */
  weights: Float32Array;
  beside: readonly { title: string; values: Float32Array }[];
}

/** The latest value of every node, and how far along `over` that is; −1 before the first. */
function latest(known: Known, nodes: number, tick: number): { value: number; reached: number }[] {
  const per = known.values.length / nodes;
  const now = knownAt(known, tick);
  return Array.from({ length: nodes }, (_, node) => {
    let reached = per - 1;
    while (reached >= 0 && Number.isNaN(now[node * per + reached]!)) reached--;
    return { value: reached < 0 ? Number.NaN : now[node * per + reached]!, reached };
  });
}

const ordered = new WeakMap<Float32Array, Uint32Array>();

/** Places of weights, the largest first; made once for each array that a recording holds. */
function byWeight(values: Float32Array): Uint32Array {
  const known = ordered.get(values);
  if (known) return known;
  const made = Uint32Array.from(values.keys())
    .filter((i) => Number.isFinite(values[i]))
    .sort((a, b) => values[b]! - values[a]! || a - b);
  ordered.set(values, made);
  return made;
}

/** The strongest edges that are known, the selected node's own among them; strongest first. */
function strongest(spec: GraphSpec, { values, step }: Known, nodes: number, tick: number, selected: number | null) {
  const { most = 32, mostOfSelected = 6 } = spec;
  const found: GraphEdge[] = [];
  let [all, outgoing, incoming] = [0, 0, 0];
  for (const place of byWeight(values)) {
    if ((step?.[place] ?? 0) >= tick && step) continue;
    const [from, to] = [Math.floor(place / nodes), place % nodes];
    const ofAll = all < most;
    const goesOut = from === selected && outgoing < mostOfSelected;
    const comesIn = to === selected && incoming < mostOfSelected;
    if (ofAll || goesOut || comesIn) found.push({ from, to, weight: values[place]! });
    all++;
    if (goesOut) outgoing++;
    if (comesIn) incoming++;
    const enough = selected === null || (outgoing >= mostOfSelected && incoming >= mostOfSelected);
    if (all >= most && enough) break;
  }
  return { edges: found, ofAll: Math.min(all, most) };
}

/** Values of every node. Recorded without a picked axis, over all heads say, they are the same whatever is picked. */
function ofNodes(spec: GraphSpec, run: Recording, source: Source, at: Where, extents: Extents): Known | null {
  const axes =
    'record' in source
      ? (run.trace.records ?? []).flatMap((table) => (table.values.includes(source.record) ? table.at : []))
      : Object.keys(at);
  const own = Object.fromEntries(Object.entries(at).filter(([axis]) => axes.includes(axis)));
  return knownOf(run, source, { [spec.nodes.axis]: extents[spec.nodes.axis]! }, own);
}

interface Read {
  score: Known;
  weights: Known;
}

function readOf(spec: GraphSpec, run: Recording, at: Where, extents: Extents): Read {
  const { nodes, score, edges } = spec;
  const count = extents[nodes.axis]!;
  const over = score.over === undefined ? {} : { [score.over]: extents[score.over]! };
  const unknown = (length: number): Known => ({
    values: new Float32Array(length).fill(Number.NaN),
    step: new Uint32Array(length).fill(NEVER),
  });
  return {
    score: knownOf(run, score, { [nodes.axis]: count, ...over }, at) ?? unknown(count),
    weights: knownOf(run, edges, { [edges.from]: count, [edges.to]: count }, at) ?? unknown(count ** 2),
  };
}

function sceneOf(spec: GraphSpec, { run, tick, place, names, together = [run] }: PictureState): PickedGraph {
  const axes = spec.picks.map(({ axis }) => axis);
  const pickedIn = (own: Extents) => pickedAxes(axes, place, own, () => ({}));
  const extents = allExtents(run, names);
  const at = pickedIn(extents);
  const count = extents[spec.nodes.axis]!;
  const { score, weights } = readOf(spec, run, at, extents);
  const now = latest(score, count, tick);
  const kept = spec.kept && ofNodes(spec, run, spec.kept, at, extents);
  const prunes = kept != null && kept.count !== 0;
  const keptNow = prunes ? knownAt(kept, tick) : null;
  const chosen = place?.kind === 'at' ? place.at[spec.nodes.axis] : undefined;
  const selected = chosen === undefined || chosen >= count ? null : chosen;
  const scales = together.map((other) => {
    const own = allExtents(other, names);
    return other === run ? { score, weights } : readOf(spec, other, pickedIn(own), own);
  });
  return {
    at,
    extents,
    selected,
    prunes,
    weights: knownAt(weights, tick),
    reached: spec.score.over === undefined ? null : now.map(({ reached }) => Math.max(reached, 0)),
    nodes: now.map(({ value }, i) => ({
      label: spec.nodes.label?.(run, i) ?? String(i),
      score: value,
      kept: keptNow && !Number.isNaN(keptNow[i]!) ? keptNow[i] === 1 : undefined,
    })),
    most: Math.max(...scales.map((each) => mostOf(each.score.values))),
    heaviest: Math.max(...scales.map((each) => mostOf(each.weights.values))),
    ...strongest(spec, weights, count, tick, selected),
    letter: names.lookOf(spec.score.look).letter,
    inks: { node: names.lookOf(spec.score.look).colour, edge: names.lookOf(spec.edges.look).colour },
    beside: Object.entries(spec.beside ?? {}).flatMap(([title, source]) => {
      const known = ofNodes(spec, run, source, at, extents);
      return known ? [{ title, values: knownAt(known, tick) }] : [];
    }),
  };
}

/** The node that a weight-row or -column is largest for, and how large; null before any is known. */
function strongestOf({ weights, nodes }: PickedGraph, node: number, direction: 'out' | 'in') {
  let best: { node: number; weight: number } | null = null;
  for (let other = 0; other < nodes.length; other++) {
    const weight = weights[direction === 'out' ? node * nodes.length + other : other * nodes.length + node]!;
    if (Number.isFinite(weight) && (!best || weight > best.weight)) best = { node: other, weight };
  }
  return best;
}

const numberText = (value: number, isOver: boolean) =>
  Number.isNaN(value)
    ? isOver
      ? 'not recorded'
      : 'not yet'
    : Number.isInteger(value)
      ? exactText(value)
      : Number.isFinite(value)
        ? valueText(value)
        : 'not a finite number';

const fateOf = (kept: boolean | undefined) => (kept === undefined ? '' : kept ? 'kept' : 'left out');

function wordsOf({ nodes: { called }, score, edges }: GraphSpec, scene: PickedGraph, isOver: boolean): string {
  const known = scene.nodes.filter((node) => Number.isFinite(node.score));
  const best = known.reduce((a, b) => (b.score > a.score ? b : a), known[0]!);
  const scored = best
    ? `The highest ${score.title} of ${exactText(known.length)} ${called}s is ${valueText(best.score)}, of ${best.label}`
    : isOver
      ? `This run recorded no ${score.title}s`
      : `No ${called} has a ${score.title} yet`;
  const others = scene.edges.length - scene.ofAll;
  const own = others > 0 ? `, and ${exactText(others)} more of the selected ${called}` : '';
  const drawn =
    scene.edges.length > 0 ? `; the ${exactText(scene.ofAll)} strongest ${edges.title}s are drawn${own}` : '';
  const out = scene.nodes.filter(({ kept }) => kept === false).length;
  return `${scored}${drawn}.${out > 0 ? ` Left out: ${plural(out, called)}.` : ''}`;
}

function statusOf({ nodes: { called }, score, edges }: GraphSpec, scene: PickedGraph, isOver: boolean): string {
  const { selected, nodes, beside } = scene;
  if (selected === null) return '';
  const { label, score: value, kept } = nodes[selected]!;
  const name = label === String(selected) ? '' : ` (“${label}”)`;
  const more = beside.flatMap(({ title, values }) =>
    Number.isNaN(values[selected]!) ? [] : [`${title} ${numberText(values[selected]!, isOver)}`],
  );
  const towards = (direction: 'out' | 'in', words: string) => {
    const best = strongestOf(scene, selected, direction);
    return best ? [`${words} ${nodes[best.node]!.label} (${valueText(best.weight)})`] : [];
  };
  return [
    `${called} ${selected}${name}: ${score.title} ${numberText(value, isOver)}`,
    ...more,
    ...(kept === undefined ? [] : [fateOf(kept)]),
    ...towards('out', `largest ${edges.title} to`),
    ...towards('in', `from`),
  ].join(', ');
}

function tableOf({ nodes: { called }, score, edges }: GraphSpec, scene: PickedGraph): ViewTable {
  const cell = (value: number) => (Number.isNaN(value) ? '' : Number.isFinite(value) ? value : 'not finite');
  const named = scene.nodes.some(({ label }, i) => label !== String(i));
  return {
    columns: [
      { id: 'node', title: capitalised(called) },
      ...(named ? [{ id: 'label', title: 'Label' }] : []),
      { id: 'score', title: capitalised(score.title) },
      ...scene.beside.map(({ title }) => ({ id: title, title: capitalised(title) })),
      ...(scene.prunes ? [{ id: 'kept', title: 'Kept' }] : []),
      { id: 'to', title: `Largest ${edges.title} to` },
      { id: 'weight', title: 'Weight', numeric: true },
    ],
    rows: scene.nodes.map(({ label, score: value, kept: stays }, i) => {
      const best = strongestOf(scene, i, 'out');
      return [
        i,
        ...(named ? [label] : []),
        cell(value),
        ...scene.beside.map(({ values }) => cell(values[i]!)),
        ...(scene.prunes ? [fateOf(stays)] : []),
        ...(best ? [scene.nodes[best.node]!.label, best.weight] : ['', '']),
      ];
    }),
  };
}

function legendOf(
  { nodes: { called }, score, edges }: GraphSpec,
  { inks, letter, most, prunes }: PickedGraph,
): LegendEntry[] {
  const out = { kind: 'hatch', ink: '--ink-2' } as const;
  return [
    {
      id: 'node',
      ink: inks.node,
      letter,
      words: `a ${called}: the larger and darker, the higher its ${score.title}, up to ${valueText(most)}`,
    },
    { id: 'edge', ink: inks.edge, letter: '→', words: `${edges.title}: the thicker, the larger` },
    ...(prunes ? [{ id: 'out', ink: out.ink, pattern: out, letter: '×', words: `${called} left out` }] : []),
  ];
}

/** To the node beside on the ring, or to the one of next higher or lower score. */
function stepFrom({ nodes, selected }: PickedGraph, key: string): number | null {
  const last = nodes.length - 1;
  const ring: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 };
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (ring[key] !== undefined) {
    if (selected === null) return 0;
    return (selected + ring[key] + 10 * nodes.length) % nodes.length;
  }
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return null;
  const ranked = [...nodes.keys()].sort((a, b) => (nodes[b]!.score || 0) - (nodes[a]!.score || 0) || a - b);
  if (selected === null) return ranked[0]!;
  return ranked[clampIndex(ranked.indexOf(selected) + (key === 'ArrowUp' ? -1 : 1), nodes.length)]!;
}

const isOver = ({ run, tick }: PictureState) => tick >= run.trace.steps.length;

export function graph(spec: GraphSpec): Picture<PickedGraph> {
  const { id, title, about, nothing, instead, nodes } = spec;
  const placeOf = ({ at, reached }: PickedGraph, node: number): Place => {
    const over = reached ? { [spec.score.over!]: reached[node]! } : {};
    return { kind: 'at', at: { ...at, [nodes.axis]: node, ...over } };
  };
  return {
    id,
    title,
    about,
    nothing,
    instead,
    kind: 'graph',
    hint: `Click a ${nodes.called}, or walk with the arrows (up and down by ${spec.score.title}), to read its values.`,
    scene: (state) => sceneOf(spec, state),
    draw: drawGraph,
    hit(scene, { width, height }, { x, y }) {
      const node = hitGraph(scene, width, height, x, y);
      return node === null ? null : placeOf(scene, node);
    },
    walk(scene, _place, key) {
      const node = scene.nodes.length > 0 ? stepFrom(scene, key) : null;
      return node === null ? null : placeOf(scene, node);
    },
    words: (scene, state) => wordsOf(spec, scene, isOver(state)),
    status: (scene, state) => statusOf(spec, scene, isOver(state)),
    table: (scene) => tableOf(spec, scene),
    legend: (scene) => legendOf(spec, scene),
    picks: (scene, state) => pickersOf(spec.picks, scene, state, false),
  };
}
