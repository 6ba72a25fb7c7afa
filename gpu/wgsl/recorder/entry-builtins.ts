// The recorder needs three built-in values in the entry point: workgroup id, number of workgroups, local invocation index. Those
// the kernel already takes are used (taking one twice is an error), the others are added as parameters.

import type { AttributeElem, FnElem } from 'wesl/core';
import type { Module } from '../parse/parse.ts';
import type { Renames } from '../parse/renames.ts';

const NEEDED = [
  { builtin: 'workgroup_id', type: 'vec3<u32>' },
  { builtin: 'num_workgroups', type: 'vec3<u32>' },
  { builtin: 'local_invocation_index', type: 'u32' },
];

export function builtinOf(attributes: readonly AttributeElem[] | undefined): string | undefined {
  for (const { attribute } of attributes ?? []) if (attribute.kind === '@builtin') return attribute.param.name;
  return undefined;
}

/** @returns WGSL expressions for the three values, and the parameters to insert before the entry point's own */
export function entryBuiltins(
  module: Module,
  entry: FnElem,
  prefix: string,
  renames: Renames,
): { values: string[]; parameters: string } {
  const taken = new Map<string, string>();
  for (const parameter of entry.params) {
    const { ident } = parameter.name.decl;
    const direct = builtinOf(parameter.attributes);
    if (direct) taken.set(direct, renames.nameOf(ident));
    const type = module.typeOfName(ident);
    if (type.kind !== 'struct') continue;
    for (const member of type.structElem?.members ?? []) {
      const inside = builtinOf(member.attributes);
      if (inside) taken.set(inside, `${renames.nameOf(ident)}.${member.name.name}`);
    }
  }
  const added = NEEDED.filter(({ builtin }) => !taken.has(builtin));
  return {
    values: NEEDED.map(({ builtin }) => taken.get(builtin) ?? `${prefix}${builtin}`),
    parameters: added.map(({ builtin, type }) => `@builtin(${builtin}) ${prefix}${builtin}: ${type}, `).join(''),
  };
}
