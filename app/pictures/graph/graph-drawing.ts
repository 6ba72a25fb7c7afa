// Things that look at each other, on a ring: a square for each, as large and as dark as its score, and arrows for the strongest weights
// between them. What was left out is hatched and crossed out. Drawing and hit testing; no run, no mechanism.

import { type Ink, type Pen, textWidth } from '../../pens/pen.ts';
import { shortened } from '../../words/written-short.ts';

export interface GraphNode {
  label: string;
  /** NaN: not known yet. */
  score: number;
  /** Left out for good, or kept; undefined before that was decided. */
  kept?: boolean;
}

export interface GraphEdge {
  from: number;
  to: number;
  weight: number;
}

export interface GraphScene {
  nodes: readonly GraphNode[];
  /** Largest score of the whole run, so that sizes do not change while it plays. */
  most: number;
  /** Strongest first; those of the selected node among them. */
  edges: readonly GraphEdge[];
  /** Largest weight of the whole run. */
  heaviest: number;
  inks: { node: Ink; edge: Ink };
  selected: number | null;
}

export interface NodeBox {
  x: number;
  y: number;
  /** Half the side of its square. */
  half: number;
}

export interface GraphLayout {
  centre: readonly [number, number];
  /** Half axes of the ring. */
  radii: { x: number; y: number };
  nodes: readonly NodeBox[];
  /** Labels stand level where they fit, else along the ring's radii; in a large graph only some are written. */
  labels: 'level' | 'turned' | 'some';
}

/** Room between the ring and the border of the picture, beside that for labels. */
const EDGE = 32;
const SMALLEST = 3;
const LARGEST = 20;
const LETTERS = 12;
/** Below this distance between neighbours labels cannot be told apart. */
const TIGHT = 10;
/** How many of the highest are written in a large graph. */
const NAMED = 12;
const SEGMENTS = 12;
/** Of the ring, as far as its length is measured. */
const CORNERS = 240;

const written = ({ label, kept }: GraphNode) => `${kept === false ? '× ' : ''}${shortened(label, LETTERS)}`;

/** Places on an ellipse around `centre`, equally far from one another along it, from the top clockwise. */
function ringOf(
  count: number,
  centre: readonly [number, number],
  radii: { x: number; y: number },
): { x: number; y: number }[] {
  const at = (turn: number) => ({
    x: centre[0] + radii.x * Math.sin(2 * Math.PI * turn),
    y: centre[1] - radii.y * Math.cos(2 * Math.PI * turn),
  });
  const corners = Array.from({ length: CORNERS + 1 }, (_, i) => at(i / CORNERS));
  const lengths = corners.map(({ x, y }, i) =>
    i === 0 ? 0 : Math.hypot(x - corners[i - 1]!.x, y - corners[i - 1]!.y),
  );
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  const ring: { x: number; y: number }[] = [];
  for (let corner = 1, passed = 0; ring.length < count; ) {
    const rest = (whole * ring.length) / count - passed;
    if (rest <= lengths[corner]! || corner === CORNERS) {
      ring.push(at((corner - 1 + rest / lengths[corner]!) / CORNERS));
      continue;
    }
    passed += lengths[corner]!;
    corner++;
  }
  return ring;
}

export function layoutGraph({ nodes, most }: GraphScene, width: number, height: number): GraphLayout {
  // Room for the longest label even before it is crossed out, so that nothing moves while the run plays.
  const longest = Math.max(0, ...nodes.map(({ label }) => textWidth(`× ${shortened(label, LETTERS)}`, 11)));
  const radius = (extent: number, label: number) => Math.max(extent / 2 - EDGE - label, 30);
  const level = { x: radius(width, longest), y: radius(height, 12) };
  const around = ({ x, y }: { x: number; y: number }) => (Math.PI * (x + y)) / Math.max(nodes.length, 1);
  const turned = around(level) < longest + 6;
  const radii = turned ? { x: level.x, y: radius(height, longest) } : level;
  const spacing = around(radii);
  const centre = [width / 2, height / 2] as const;
  // Neighbours on a diagonal are nearest: squares of half this side do not touch there either.
  const largest = Math.min(spacing * 0.34, LARGEST);
  const smallest = Math.min(SMALLEST, largest / 2);
  return {
    centre,
    radii,
    labels: spacing < TIGHT ? 'some' : turned ? 'turned' : 'level',
    nodes: ringOf(nodes.length, centre, radii).map((place, i) => {
      const { score } = nodes[i]!;
      const share = most > 0 && score > 0 ? Math.min(score / most, 1) : 0;
      return { ...place, half: smallest + (largest - smallest) * Math.sqrt(share) };
    }),
  };
}

/** The node nearest to a point that is on it or close by. */
export function hitGraph(scene: GraphScene, width: number, height: number, x: number, y: number): number | null {
  const { nodes } = layoutGraph(scene, width, height);
  let nearest: number | null = null;
  let least = LARGEST + 4;
  nodes.forEach((node, i) => {
    const distance = Math.hypot(x - node.x, y - node.y);
    if (distance < least) [nearest, least] = [i, distance];
  });
  return nearest;
}

/** Points of the arc from one node to another, bent towards the middle; the way back takes another. A node's own is a loop inwards. */
function arcOf({ centre, nodes }: GraphLayout, { from, to }: GraphEdge): number[] {
  const [a, b] = [nodes[from]!, nodes[to]!];
  const bend =
    ([x, y]: readonly [number, number]) =>
    (t: number) => [
      (1 - t) ** 2 * a.x + 2 * t * (1 - t) * x + t ** 2 * b.x,
      (1 - t) ** 2 * a.y + 2 * t * (1 - t) * y + t ** 2 * b.y,
    ];
  const [cx, cy] = centre;
  if (from === to) {
    const away = Math.hypot(cx - a.x, cy - a.y) || 1;
    const [ux, uy] = [(cx - a.x) / away, (cy - a.y) / away];
    const reach = a.half + 14;
    return Array.from({ length: SEGMENTS + 1 }, (_, i) => {
      const turn = (2 * Math.PI * i) / SEGMENTS;
      const [along, across] = [reach * (0.5 - 0.5 * Math.cos(turn)), 7 * Math.sin(turn)];
      return [a.x + ux * (a.half + along) - uy * across, a.y + uy * (a.half + along) + ux * across];
    }).flat();
  }
  const [mx, my] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const aside = 0.06 * length;
  const at = bend([
    cx + (mx - cx) * 0.4 + ((b.y - a.y) / length) * aside,
    cy + (my - cy) * 0.4 - ((b.x - a.x) / length) * aside,
  ]);
  // It ends at the border of the square, so that the head of the arrow is seen.
  const inside = (t: number) => {
    const [x, y] = at(t) as [number, number];
    return Math.max(Math.abs(x - b.x), Math.abs(y - b.y)) < b.half + 2;
  };
  let end = 1;
  while (end > 0.5 && inside(end)) end -= 0.02;
  return Array.from({ length: SEGMENTS + 1 }, (_, i) => at((i / SEGMENTS) * end)).flat();
}

function drawEdge(pen: Pen, layout: GraphLayout, edge: GraphEdge, ink: Ink, lineWidth: number): void {
  const points = arcOf(layout, edge);
  pen.line(points, ink, lineWidth);
  if (edge.from === edge.to) return;
  const [x0, y0, x1, y1] = points.slice(-4) as [number, number, number, number];
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const size = 4 + 1.2 * lineWidth;
  const wing = (turn: number) => [x1 - size * Math.cos(angle + turn), y1 - size * Math.sin(angle + turn)];
  pen.line([...wing(0.5), x1, y1, ...wing(-0.5)], ink, Math.max(lineWidth, 1));
}

export function drawGraph(pen: Pen, scene: GraphScene): void {
  const layout = layoutGraph(scene, pen.width, pen.height);
  const { selected, heaviest, inks } = scene;
  const touches = ({ from, to }: GraphEdge) => from === selected || to === selected;
  // The strongest are drawn last, on top; those of the selected node above all.
  const inOrder = [...scene.edges].reverse();
  for (const edge of inOrder) {
    const plain = selected === null || touches(edge);
    if (!plain) drawEdge(pen, layout, edge, '--line', 1);
  }
  for (const edge of inOrder) {
    if (selected === null || touches(edge))
      drawEdge(pen, layout, edge, inks.edge, 0.75 + 4 * (heaviest > 0 ? edge.weight / heaviest : 0));
  }
  scene.nodes.forEach((node, i) => {
    drawNode(pen, layout.nodes[i]!, node, scene, i === selected);
  });
  const named = new Set(layout.labels === 'some' ? highest(scene.nodes) : scene.nodes.keys());
  if (selected !== null) named.add(selected);
  for (const i of named) drawLabel(pen, layout, scene.nodes[i]!, i, i === selected);
}

/** Indices of those with the highest scores; of none before there are any. */
function highest(nodes: readonly GraphNode[]): number[] {
  const known = [...nodes.keys()].filter((i) => nodes[i]!.score > 0);
  return known.sort((a, b) => nodes[b]!.score - nodes[a]!.score || a - b).slice(0, NAMED);
}

function drawNode(
  pen: Pen,
  { x, y, half }: NodeBox,
  { score, kept }: GraphNode,
  scene: GraphScene,
  chosen: boolean,
): void {
  const box = [x - half, y - half, 2 * half, 2 * half] as const;
  pen.rect(...box, '--surface');
  const share = scene.most > 0 ? Math.min(score / scene.most, 1) : 0;
  if (Number.isNaN(score)) pen.pattern(...box, 'dots', '--line-strong');
  else if (Number.isFinite(score)) pen.rect(...box, scene.inks.node, 0.15 + 0.85 * share);
  else pen.pattern(...box, 'cross', '--bad');
  if (kept === false) {
    pen.rect(...box, '--surface', 0.6);
    pen.pattern(...box, 'hatch', '--ink-2');
  }
  if (chosen) pen.frame(x - half - 2, y - half - 2, 2 * half + 4, 2 * half + 4, '--accent', 2);
  else
    pen.frame(...box, kept === true ? '--ink' : '--line-strong', kept === true ? 2 : 1, kept === false ? [3, 2] : []);
}

function drawLabel(
  pen: Pen,
  { centre, radii, nodes, labels }: GraphLayout,
  node: GraphNode,
  i: number,
  chosen: boolean,
): void {
  const { x, y, half } = nodes[i]!;
  // Straight away from the ring, which on a flat one is not away from its centre.
  const angle = Math.atan2((y - centre[1]) / radii.y ** 2, (x - centre[0]) / radii.x ** 2);
  const text = written(node);
  const ink = node.kept === false ? '--ink-2' : '--ink';
  const style = { size: 11, bold: chosen };
  const left = Math.cos(angle) < 0;
  if (labels === 'level') {
    // Outwards, past the corner of the square: the next square stands further in.
    const away = half * 1.2 + 5;
    const align = Math.abs(Math.cos(angle)) < 0.3 ? 'center' : left ? 'right' : 'left';
    pen.text(x + away * Math.cos(angle), y + (away + 4) * Math.sin(angle), text, ink, { ...style, align });
    return;
  }
  // Along the radius, never upside down.
  const away = half * 1.2 + 5;
  pen.text(x + away * Math.cos(angle), y + away * Math.sin(angle), text, ink, {
    ...style,
    align: left ? 'right' : 'left',
    rotate: Math.round(((left ? angle + Math.PI : angle) * 180) / Math.PI),
  });
}
