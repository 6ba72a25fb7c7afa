// The tree of a parallel scan: lanes from left to right, rounds from top to bottom, an edge for every combine that was recorded.
// Drawing and hit testing; no React, no mechanism.

import { clampIndex } from '../../exhibit/place.ts';
import { type Pen, textWidth } from '../../pens/pen.ts';

export interface TreeEdge {
  /** Round in which it was recorded; the first is 0. */
  round: number;
  left: number;
  right: number;
  /** done: before the current step; now: in it; later: not yet. */
  state: 'done' | 'now' | 'later';
}

export interface ScanTreeScene {
  lanes: number;
  /** Time step of the first lane. */
  first: number;
  rounds: number;
  /** Name of every round: the step's title. */
  names: string[];
  edges: TreeEdge[];
  selectedLane: number | null;
}

const RIGHT = 12;
const TOP = 14;
const FOOT = 24;
const NAME = 11;
const OWN = 'own step';
const AXIS = 'time step';

/** What a row is called. */
const nameOf = ({ names }: ScanTreeScene, round: number) => (round === 0 ? OWN : (names[round - 1] ?? ''));

/** Where the tree begins: beside the longest name. */
function leftOf({ names }: ScanTreeScene): number {
  return 12 + Math.max(...[OWN, AXIS, ...names].map((name) => textWidth(name, NAME)));
}

function laneX(scene: ScanTreeScene, width: number, lane: number): number {
  const left = leftOf(scene);
  return left + ((lane + 0.5) / scene.lanes) * (width - left - RIGHT);
}

function roundY(scene: ScanTreeScene, height: number, round: number): number {
  return TOP + (round / Math.max(scene.rounds, 1)) * (height - TOP - FOOT);
}

/** The lane under a point; close beside the tree its outermost. */
export function hitTree(scene: ScanTreeScene, width: number, x: number): number | null {
  const left = leftOf(scene);
  if (x < left - RIGHT || x > width) return null;
  const lane = Math.floor(((x - left) / (width - left - RIGHT)) * scene.lanes);
  return clampIndex(lane, scene.lanes);
}

export function drawTree(pen: Pen, scene: ScanTreeScene): void {
  const { width, height } = pen;
  const leftEdge = leftOf(scene);
  for (let round = 0; round <= scene.rounds; round++) {
    const y = roundY(scene, height, round);
    pen.line([leftEdge, y, width - RIGHT, y], '--line', 1, [2, 4]);
    // Told once where rounds after one another are of one name.
    const name = nameOf(scene, round);
    if (round === 0 || name !== nameOf(scene, round - 1)) pen.text(0, y, name, '--ink-2', { size: NAME });
  }
  const spacing = (width - leftEdge - RIGHT) / scene.lanes;
  const radius = Math.min(4, Math.max(1.2, spacing / 3));
  for (const { round, left, right, state } of scene.edges) {
    if (state === 'later') continue;
    const ink = state === 'now' ? '--accent' : '--tone-inner';
    const from = roundY(scene, height, round);
    const to = roundY(scene, height, round + 1);
    const x = laneX(scene, width, right);
    pen.line([laneX(scene, width, left), from, x, to], ink, state === 'now' ? 2 : 1);
    pen.line([x, from, x, to], ink, state === 'now' ? 2 : 1);
    pen.disc(x, to, radius, ink);
  }
  const selected = scene.selectedLane;
  if (selected !== null) {
    const x = laneX(scene, width, selected);
    pen.line([x, TOP, x, roundY(scene, height, scene.rounds)], '--ink', 1, [2, 2]);
  }
  const every = Math.max(1, Math.ceil(scene.lanes / Math.max(2, Math.floor((width - leftEdge) / 46))));
  for (let lane = 0; lane < scene.lanes; lane += every) {
    pen.text(laneX(scene, width, lane), height - 8, String(scene.first + lane), '--ink-2', {
      size: 11,
      align: 'center',
      mono: true,
    });
  }
  pen.text(0, height - 8, AXIS, '--ink-2', { size: NAME });
}
