// A selection as one readable value of the link: `row:0:1:5`, `tile:0:1:16:32`, `line:flash-v2.wgsl:34` …

import type { Selection } from '../../exhibit/place.ts';
import { type Parsed, Refusal } from './url-values.ts';

const INDEX = /^\d{1,10}$/;
const NAME = /^[\w.-]{1,64}$/;

export function encodeSelection(selection: Selection): string {
  switch (selection.kind) {
    case 'row':
      return `row:${selection.batch}:${selection.head}:${selection.row}`;
    case 'tile':
      return `tile:${selection.batch}:${selection.head}:${selection.q0}:${selection.k0}`;
    case 'element':
      return `element:${selection.buffer}:${selection.index}`;
    case 'workgroup':
      return `workgroup:${selection.dispatch}:${selection.workgroup}`;
    case 'line':
      return `line:${selection.kernel}:${selection.line}`;
    case 'buffer':
      return `buffer:${selection.buffer}`;
    case 'length':
      return `length:${selection.length}`;
  }
}

export function parseSelection(value: string): Parsed<Selection> {
  const refusal = new Refusal<Selection>('a selection such as row:0:1:5');
  const [kind, ...rest] = value.split(':');
  const names = rest.filter((part) => NAME.test(part));
  const numbers = rest.filter((part) => INDEX.test(part)).map(Number);
  const [a, b, c, d] = numbers as [number, number, number, number];
  const allNumbers = numbers.length === rest.length;
  const nameThenNumber = rest.length === 2 && NAME.test(rest[0] ?? '') && INDEX.test(rest[1] ?? '');
  if (kind === 'row' && allNumbers && rest.length === 3) return { kind, batch: a, head: b, row: c };
  if (kind === 'tile' && allNumbers && rest.length === 4) return { kind, batch: a, head: b, q0: c, k0: d };
  if (kind === 'workgroup' && allNumbers && rest.length === 2) return { kind, dispatch: a, workgroup: b };
  if (kind === 'element' && nameThenNumber) return { kind, buffer: rest[0]!, index: Number(rest[1]) };
  if (kind === 'line' && nameThenNumber) return { kind, kernel: rest[0]!, line: Number(rest[1]) };
  if (kind === 'buffer' && rest.length === 1 && names.length === 1) return { kind, buffer: names[0]! };
  if (kind === 'length' && allNumbers && rest.length === 1) return { kind, length: a };
  return refusal;
}
