// What a record line names: names in scope at the marker, with `.member` and `[index]` behind them. Vectors are recorded component by
// component, everything as f32.

import type { Type } from 'wesl/core';
import type { Module } from '../parse/parse.ts';
import type { Marker, RecordedValue } from '../text/markers.ts';

/** WGSL functions have at most 255 parameters. */
const MOST_WORDS = 255;

type RecordMarker = Marker & { kind: 'record' };
/** One number, as it is called in the table and as it is written in WGSL. */
interface Word {
  name: string;
  text: string;
}

/**
 * @returns what the columns are called, values first, and the scalars they hold, as the kernel writes them
 * @throws EngineError unsupported-construct for a name out of scope, a value that is no scalar or vector, a coordinate that is no scalar, a
 *   name that occurs twice
 */
export function recordNames(
  module: Module,
  marker: RecordMarker,
): { values: string[]; at: string[]; written: string[] } {
  const values = marker.values.flatMap((value) => wordsOf(module, marker, value));
  const at = marker.at.flatMap((value) => wordsOf(module, marker, value));
  const words = [...values, ...at];
  if (words.length > MOST_WORDS)
    throw module.refuse(marker.offset, marker.word, `${words.length} numbers in one line; at most ${MOST_WORDS}`);
  const names = words.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined && marker.word !== 'probe')
    throw module.refuse(
      marker.offset,
      `${marker.word} ${twice}`,
      'this name stands twice in the line; name=path gives another',
    );
  return {
    values: values.map(({ name }) => name),
    at: at.map(({ name }) => name),
    written: words.map(({ text }) => text),
  };
}

function wordsOf(module: Module, marker: RecordMarker, { name, paths, along, sum }: RecordedValue): Word[] {
  const components = paths.flatMap((path) =>
    componentsOf(
      module,
      marker,
      path,
      marker.at.some((each) => each.paths.includes(path)),
    ),
  );
  if (sum) return [{ name, text: components.map(({ text }) => text).join(' + ') }];
  if (along) return components.map(({ text }, i) => ({ name: `${name}[${along.axis}+${along.from + i}]`, text }));
  return components.map(({ suffix, text }) => ({ name: name + suffix, text }));
}

function componentsOf(
  module: Module,
  marker: RecordMarker,
  { text, offset }: RecordedValue['paths'][number],
  isCoordinate: boolean,
): { suffix: string; text: string }[] {
  const type = typeOfPath(module, marker, text, offset);
  if (type.kind === 'scalar') return [{ suffix: '', text }];
  if (type.kind === 'vector' && !(isCoordinate && marker.word !== 'probe'))
    return Array.from('xyzw'.slice(0, type.size), (each) => ({ suffix: `.${each}`, text: `${text}.${each}` }));
  const wanted = isCoordinate ? 'a scalar' : 'a scalar or vector';
  throw module.refuse(offset, `${marker.word} ${text}`, `its type is ${type.kind}, not ${wanted}`);
}

function typeOfPath(module: Module, marker: RecordMarker, text: string, offset: number): Type {
  const scope = module.scopesAt.get(marker.offset);
  const refuse = (why: string) => module.refuse(offset, `${marker.word} ${text}`, why);
  const end = text.search(/[.[]|$/);
  const decl = scope?.get(text.slice(0, end));
  if (!decl) throw refuse('no such name is in scope at this marker');
  let type: Type = module.typeOfName(decl);
  for (const [step] of text.slice(end).matchAll(/\.[^.[]+|\[[^\]]+\]/g)) {
    if (type.kind === 'ptr') type = type.elem;
    type = memberType(type, step);
    const index = /^\[([\p{XID_Start}_].*)\]$/u.exec(step)?.[1];
    if (index !== undefined && !scope?.has(index)) throw refuse(`no ${index} is in scope at this marker`);
  }
  return type;
}

function memberType(type: Type, step: string): Type {
  const unknown: Type = { kind: 'unknown' };
  if (step.startsWith('[')) {
    if (type.kind === 'array' || type.kind === 'vector') return type.elem;
    return type.kind === 'matrix' ? { kind: 'vector', size: type.rows, elem: type.elem } : unknown;
  }
  const name = step.slice(1);
  if (type.kind === 'struct') return type.members.find((member) => member.name === name)?.type ?? unknown;
  if (type.kind !== 'vector' || !/^([xyzw]{1,4}|[rgba]{1,4})$/.test(name)) return unknown;
  return name.length === 1 ? type.elem : { kind: 'vector', size: name.length as 2 | 3 | 4, elem: type.elem };
}
