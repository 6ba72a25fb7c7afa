// What the plans of `positions` have as constants: frequencies as turns in fixed point, and slopes.

import { isRotary, type PositionsConfig, reachOf } from './reference.ts';

const WORD = 2 ** 32;
const QUARTER_TURN = WORD / 4;

/** Radians per position as turns in 64 bits of which only what is left of a whole turn counts: first 2⁻³², then the rest in 2⁻⁶⁴. */
function turnsOf(radians: readonly number[]): number[] {
  const turns = radians.map((each) => {
    const turn = each / (2 * Math.PI);
    return (turn - Math.floor(turn)) * WORD;
  });
  const whole = turns.map(Math.floor);
  return [...whole, ...turns.map((turn, i) => Math.floor((turn - whole[i]!) * WORD))];
}

const geometric = (theta: number, width: number, index: (i: number) => number, count: number) =>
  Array.from({ length: count }, (_, i) => theta ** ((-2 * index(i)) / width));

/** Of every pair. Past the length trained on, dynamic scaling raises theta so that the slowest pair keeps its range. */
export function rotaryTurns(config: PositionsConfig): number[] {
  if (!isRotary(config)) return [];
  const { theta, scaling, factor, rotaryDim, maxPositionEmbeddings } = config;
  const stretch = (factor * reachOf(config)) / maxPositionEmbeddings - (factor - 1);
  const raised = scaling === 'dynamic' && reachOf(config) > maxPositionEmbeddings && rotaryDim > 2;
  const base = raised ? theta * stretch ** (rotaryDim / (rotaryDim - 2)) : theta;
  const plain = geometric(base, rotaryDim, (i) => i, rotaryDim / 2);
  return turnsOf(scaling === 'linear' ? plain.map((each) => each / factor) : plain);
}

/** Of every column, with its phase: sines in front of cosines, or one beside the other. */
export function columnTurns({ style, theta, dim }: PositionsConfig): number[] {
  const sines = Math.ceil(dim / 2);
  const wave = (column: number) => (style === 'paper' ? Math.floor(column / 2) : column % sines);
  const isSine = (column: number) => (style === 'paper' ? column % 2 === 0 : column < sines);
  const phases = Array.from({ length: dim }, (_, column) => (isSine(column) ? 0 : QUARTER_TURN));
  return [...turnsOf(geometric(theta, dim, wave, dim)), ...phases];
}

/** 2 to the power of −max · i / count, for i = 1 … count. */
const powers = (count: number, max: number) => Array.from({ length: count }, (_, i) => 2 ** ((-max * (i + 1)) / count));

/** Head counts between two powers of two take every second slope of the larger one besides (BLOOM), or first (MPT). */
export function slopesOf({ style, heads, alibiBiasMax }: PositionsConfig): number[] {
  const below = 2 ** Math.floor(Math.log2(heads));
  if (style === 'bloom') {
    const between = powers(2 * below, 8).filter((_, i) => i % 2 === 0);
    return [...powers(below, 8), ...between].slice(0, heads);
  }
  if (below === heads) return powers(heads, alibiBiasMax);
  const all = powers(2 * below, alibiBiasMax);
  return [...all.filter((_, i) => i % 2 === 1), ...all.filter((_, i) => i % 2 === 0)].slice(0, heads);
}
