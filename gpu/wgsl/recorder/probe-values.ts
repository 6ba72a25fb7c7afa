// The values named by a `//: probe` marker: names in scope at the marker, with `.member` and `[index]` behind them. Vectors are
// recorded component by component.

import type { Type } from 'wesl/core';
import type { Module } from '../parse/parse.ts';
import type { Marker } from '../text/markers.ts';

const PATH = /^([\p{XID_Start}_]\p{XID_Continue}*)((?:\.\p{XID_Start}\p{XID_Continue}*|\[[\p{XID_Continue}]+\])*)$/u;

/**
 * @returns the names to report and the WGSL arguments, each converted to f32
 * @throws EngineError unsupported-construct for a name out of scope or a value that is no scalar or vector
 */
export function probeArguments(module: Module, marker: Marker & { kind: 'probe' }): { names: string[]; text: string } {
  const scope = module.scopesAt.get(marker.offset);
  const names: string[] = [];
  for (const { text, offset } of marker.values) {
    const refuse = (why: string) => module.refuse(offset, `probe ${text}`, why);
    const match = PATH.exec(text);
    if (!match) throw refuse('write a name, optionally with .member or [index]');
    const decl = scope?.get(match[1]!);
    if (!decl) throw refuse('no such name is in scope at this marker');
    let type: Type = module.typeOfName(decl);
    for (const [step] of match[2]!.matchAll(/\.[^.[]+|\[[^\]]+\]/g)) {
      if (type.kind === 'ptr') type = type.elem;
      type = memberType(type, step);
      const index = /^\[([\p{XID_Start}_].*)\]$/u.exec(step)?.[1];
      if (index !== undefined && !scope?.has(index)) throw refuse(`no ${index} is in scope at this marker`);
    }
    if (type.kind === 'vector') names.push(...Array.from('xyzw'.slice(0, type.size), (each) => `${text}.${each}`));
    else if (type.kind === 'scalar') names.push(text);
    else throw refuse(`its type is ${type.kind}, not a scalar or vector`);
  }
  return { names, text: names.map((name) => `f32(${name})`).join(', ') };
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
