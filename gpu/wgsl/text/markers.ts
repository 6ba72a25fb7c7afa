// The recorder's markers: comments `//: name` (a step starts), `//: probe a b` (record these values), `//: count name` (an
// event). Comments, so a kernel stays plain WGSL that anyone can compile.

import { EngineError } from '../../core/errors.ts';
import { blankComments } from './comments.ts';

export type Marker = { offset: number; line: number } & (
  | { kind: 'step'; name: string }
  | { kind: 'count'; name: string }
  | { kind: 'probe'; values: { text: string; offset: number }[] }
);

/** Finds the markers of `source`, in order. @throws EngineError unsupported-construct for one that is not understood */
export function findMarkers(source: string): Marker[] {
  const code = blankComments(source);
  const markers: Marker[] = [];
  for (const match of source.matchAll(/\/\/:([^\n\r]*)/g)) {
    const offset = match.index;
    // Only where a comment starts: not inside a block comment or behind another `//`.
    if (code[offset] === '/' || insideComment(source, code, offset)) continue;
    markers.push(parseMarker(source, offset, match[1]!));
  }
  return markers;
}

function insideComment(source: string, code: string, offset: number): boolean {
  const lineStart = source.lastIndexOf('\n', offset) + 1;
  for (let at = lineStart; at < offset; at++)
    if (code[at] === ' ' && source[at] === '/' && source[at + 1] === '/') return true;
  // A block comment that began earlier: then ending the source here leaves it open, and the marker's own slashes are blank too.
  return blankComments(`${source.slice(0, offset)}x`)[offset] !== 'x';
}

function parseMarker(source: string, offset: number, text: string): Marker {
  const line = source.slice(0, offset).split('\n').length;
  const words = text.trim().split(/\s+/);
  const [first = '', ...rest] = words;
  if (first === 'probe' && rest.length > 0) {
    const values: { text: string; offset: number }[] = [];
    let at = source.indexOf('probe', offset) + 'probe'.length;
    for (const word of rest) {
      at = source.indexOf(word, at);
      values.push({ text: word, offset: at });
      at += word.length;
    }
    return { kind: 'probe', offset, line, values };
  }
  if (first === 'count' && rest.length === 1) return { kind: 'count', offset, line, name: rest[0]! };
  if (words.length === 1 && /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(first) && first !== 'probe' && first !== 'count')
    return { kind: 'step', offset, line, name: first };
  throw new EngineError('unsupported-construct', `line ${line}: the marker "//:${text}" is not understood`, {
    field: 'marker',
    value: text.trim(),
    limit: ['//: step-name', '//: probe value …', '//: count event-name'],
    line,
    column: offset - source.lastIndexOf('\n', offset - 1),
  });
}
