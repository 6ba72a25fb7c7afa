// What a stack costs, by formula: weights, products a token, bytes that its caches and states take. Everything is float32.

import { elementCount } from '../../core/tensor.ts';
import { type Part, partsOf, type Stack } from './config.ts';

export interface PartLedger {
  place: string;
  kind: string;
  parameters: number;
  /** Products that are summed for one token after `position` others. */
  multiplies: number;
  /** Bytes that every token adds to what is kept. */
  bytesPerToken: number;
  /** Bytes that are kept however many tokens there are. */
  stateBytes: number;
}

export interface Ledger {
  parts: PartLedger[];
  parameters: number;
  multiplies: number;
  bytesPerToken: number;
  stateBytes: number;
}

const BYTES = 4;

function ofPart({ place, kind, keys }: Part, { size }: Stack, position: number): PartLedger {
  const sizes = (shapes: { shape: readonly number[] }[]) =>
    shapes.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const states = Object.values(kind.states?.(keys, size) ?? {});
  const rows = states.filter(({ keeps }) => keeps === 'rows');
  return {
    place,
    kind: kind.kind,
    parameters: sizes(Object.values(kind.weights(keys, size))),
    multiplies: kind.cost(keys, size).multiplies(1, position),
    bytesPerToken: (BYTES * sizes(rows)) / (size.batch * size.context),
    stateBytes: BYTES * sizes(states.filter(({ keeps }) => keeps === 'whole')),
  };
}

/** @param position tokens before the one whose products are counted */
export function ledgerOf(stack: Stack, position: number): Ledger {
  const parts = partsOf(stack).map((part) => ofPart(part, stack, position));
  const sum = (key: 'parameters' | 'multiplies' | 'bytesPerToken' | 'stateBytes') =>
    parts.reduce((total, part) => total + part[key], 0);
  return {
    parts,
    parameters: sum('parameters'),
    multiplies: sum('multiplies'),
    bytesPerToken: sum('bytesPerToken'),
    stateBytes: sum('stateBytes'),
  };
}
