// A place as one readable value of the link: `at:batch:0,head:1,row:5`, `at:q,batch:0,row:5,head:1,dim:3` for an element of a tensor,
// `line:flash-v2.wgsl:34`, `workgroup:0:5`, `buffer:q`.

import type { Place } from '../../exhibit/place.ts';
import { type Parsed, Refusal } from './url-values.ts';

const INDEX = /^\d{1,10}$/;
const NUMBER = /^\d+$/;
const NAME = /^[\w.-]{1,64}$/;
/** Of an axis: begins with a letter, so that it is never a name that objects have by themselves. */
const AXIS = /^[a-z][\w.-]{0,31}$/i;
const MOST_AXES = 8;
const MOST = 9_999_999_999;

export function encodePlace(place: Place): string {
  switch (place.kind) {
    case 'at': {
      const coordinates = Object.entries(place.at).map(([axis, index]) => `${axis}:${index}`);
      return `at:${[...(place.tensor === undefined ? [] : [place.tensor]), ...coordinates].join(',')}`;
    }
    case 'workgroup':
      return `workgroup:${place.dispatch}:${place.workgroup}`;
    case 'line':
      return `line:${place.kernel}:${place.line}`;
    case 'buffer':
      return `buffer:${place.buffer}`;
  }
}

export function parsePlace(value: string): Parsed<Place> {
  const [kind, ...rest] = value.split(':');
  if (kind === 'at') return parseAt(value.slice('at:'.length));
  const [a = '', b = ''] = rest;
  if (kind === 'workgroup' && rest.length === 2 && INDEX.test(a) && INDEX.test(b))
    return { kind, dispatch: Number(a), workgroup: Number(b) };
  if (kind === 'line' && rest.length === 2 && NAME.test(a) && INDEX.test(b))
    return { kind, kernel: a, line: Number(b) };
  if (kind === 'buffer' && rest.length === 1 && NAME.test(a)) return { kind, buffer: a };
  return new Refusal('a place such as at:batch:0,head:1,row:5');
}

function parseAt(text: string): Parsed<Place> {
  const parts = text.split(',');
  const tensor = parts[0]!.includes(':') ? undefined : parts.shift();
  const at: Record<string, number> = {};
  let beyond = false;
  for (const part of parts) {
    const [axis = '', index = '', ...more] = part.split(':');
    if (more.length > 0 || !AXIS.test(axis) || !NUMBER.test(index) || Object.hasOwn(at, axis))
      return new Refusal('named axes, each once with a whole number, such as at:batch:0,head:1,row:5');
    beyond ||= !INDEX.test(index);
    at[axis] = Math.min(Number(index), MOST);
  }
  if (parts.length < 1 || parts.length > MOST_AXES) return new Refusal(`from 1 to ${MOST_AXES} axes`);
  if (tensor !== undefined && !NAME.test(tensor)) return new Refusal('the name of a tensor, then axes');
  const place: Place = { kind: 'at', ...(tensor !== undefined && { tensor }), at };
  return beyond ? new Refusal(`at most ${MOST} along an axis`, place) : place;
}
