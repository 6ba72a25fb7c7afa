// A slice of a tensor as a table, for a file: its two longest axes, at the picked element's place on all others.

import { NEVER } from '#gpu/trace/held.ts';
import type { ViewTable } from '../../exhibit/view.ts';
import { type Contents, flatIndex, type RunTensor } from './run-tensors.ts';

/** The axes a slice runs along, in the tensor's order: rows and columns, or rows alone. */
export function sliceAxes({ axes, shape }: Pick<RunTensor, 'axes' | 'shape'>): string[] {
  const longest = axes
    .map((axis, i) => ({ axis, i, extent: shape[i]! }))
    .sort((a, b) => b.extent - a.extent || b.i - a.i)
    .slice(0, 2);
  return longest.sort((a, b) => a.i - b.i).map(({ axis }) => axis);
}

/** 'q, row × dim at batch 0, head 1'; a tensor of one axis is its own slice. */
export function sliceWords(tensor: RunTensor, at: Readonly<Record<string, number>>): string {
  const along = sliceAxes(tensor);
  if (tensor.axes.length === 1) return tensor.name;
  const fixed = tensor.axes.filter((axis) => !along.includes(axis)).map((axis) => `${axis} ${at[axis]}`);
  return `${tensor.name}, ${along.join(' × ')}${fixed.length > 0 ? ` at ${fixed.join(', ')}` : ''}`;
}

export function sliceTable(
  tensor: RunTensor,
  { values, step }: Contents,
  at: Readonly<Record<string, number>>,
): ViewTable {
  const [rows, columns] = sliceAxes(tensor) as [string, string | undefined];
  const extentOf = (axis: string) => tensor.shape[tensor.axes.indexOf(axis)]!;
  const cell = (place: Readonly<Record<string, number>>) => {
    const index = flatIndex(tensor, place);
    const value = values[index]!;
    return Number.isNaN(value) && step?.[index] === NEVER ? '' : value;
  };
  const across = columns === undefined ? [null] : Array.from({ length: extentOf(columns) }, (_, i) => i);
  return {
    columns: [
      { id: rows, title: rows },
      ...across.map((i) => (i === null ? { id: 'value', title: 'value' } : { id: `${i}`, title: `${columns} ${i}` })),
    ],
    rows: Array.from({ length: extentOf(rows) }, (_, row) => [
      row,
      ...across.map((i) => cell({ ...at, [rows]: row, ...(i !== null && { [columns!]: i }) })),
    ]),
  };
}
