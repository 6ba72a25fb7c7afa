// Test code: configs of a described mechanism, drawn from its own table of sizes, options and optional tensors; few of them, but telling.

import * as fc from 'fast-check';
import type { Description } from '../../mechanisms/mechanism.ts';

export interface Drawn {
  /** Size → extent of a tile along it: one less, that, and one more are drawn beside 1 and a prime. */
  tiles?: Readonly<Record<string, number>>;
  /** Values of a key, in place of the table's. */
  only?: Readonly<Record<string, readonly unknown[]>>;
}

type Columns = Readonly<Record<string, readonly unknown[]>>;

const PRIME = 5;

/** Values of every key that a config may have. */
export function columnsOf(
  { sizes, numbers, options, tensors }: Description,
  { tiles = {}, only = {} }: Drawn,
): Columns {
  const columns: Record<string, readonly unknown[]> = {};
  for (const [name, { least = 1 }] of Object.entries(sizes)) {
    const tile = tiles[name];
    const edges = tile === undefined ? [2] : [tile - 1, tile, tile + 1];
    columns[name] = [...new Set([least, 1, PRIME, ...edges])].filter((extent) => extent >= least);
  }
  for (const [name, { least, usual, most }] of Object.entries(numbers)) columns[name] = [usual, least, most];
  for (const [name, { choices }] of Object.entries(options)) columns[name] = choices;
  for (const { optional } of Object.values(tensors)) if (optional) columns[optional] = [true, false];
  return { ...columns, ...only };
}

/** Seeded configs with a value of every column. */
export function drawConfigs(columns: Columns, count: number): Record<string, unknown>[] {
  const values = Object.entries(columns).map(([name, list]) => [name, fc.constantFrom(...list)] as const);
  return fc.sample(fc.record(Object.fromEntries(values)), { seed: 7, numRuns: count });
}

/** A config and the kernels, as baked, that it runs. */
export interface Candidate {
  raw: Record<string, unknown>;
  kernels: readonly string[];
}

/**
 * Picks the configs that together show most values of all columns and need few kernels, which take longest to compile: each next one
 * shows the most that was not shown yet, for every kernel that is new; once all is shown, other sizes of the same kernels.
 *
 * @param shown configs that are run besides
 * @param compiled kernels that are compiled anyway
 */
export function pickTelling(
  candidates: readonly Candidate[],
  count: number,
  shown: readonly Candidate[],
  compiled: ReadonlySet<string>,
): Candidate[] {
  const valuesOf = ({ raw }: Candidate) => Object.entries(raw).map(([name, value]) => `${name}: ${String(value)}`);
  const seen = new Set(shown.flatMap(valuesOf));
  const known = new Set(compiled);
  const worth = (candidate: Candidate) => {
    const values = valuesOf(candidate).filter((value) => !seen.has(value)).length;
    const kernels = candidate.kernels.filter((kernel) => !known.has(kernel)).length;
    return (values + 0.01) / (1 + kernels);
  };
  const left = new Set(candidates);
  const picked: Candidate[] = [];
  while (picked.length < count && left.size > 0) {
    const next = [...left].reduce((best, each) => (worth(each) > worth(best) ? each : best));
    left.delete(next);
    picked.push(next);
    for (const value of valuesOf(next)) seen.add(value);
    for (const kernel of next.kernels) known.add(kernel);
  }
  return picked;
}
