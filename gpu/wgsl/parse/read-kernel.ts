// What a kernel asks of whoever runs it, from its syntax tree: names resolved, const-expressions worked out by WGSL's rules. What cannot be
// worked out is refused by name.

import type { AttributeElem, FnElem, GlobalVarElem, ScalarType, Type } from 'wesl/core';
import { EngineError } from '../../core/errors.ts';
import type { KernelInterface, KernelVariable } from '../text/kernel-interface.ts';
import { type OverrideReflection, requireNamed } from '../text/reflect.ts';
import { type Layouts, layoutsOf } from './layout.ts';
import type { Module } from './parse.ts';
import { reachedFrom } from './reach.ts';

/** The entry point called `name`, or the only one. @throws EngineError bad-input when there is none, or several and no name */
export function entryFunction(module: Module, name?: string): FnElem {
  const entries = [...module.functions].filter(([, fn]) => attributeOf(fn.attributes, 'compute'));
  return module.functions.get(
    requireNamed(
      entries.map(([each]) => each),
      name,
    ),
  )!;
}

/** @throws EngineError bad-input for a size that cannot be worked out */
export function workgroupSizeOf(module: Module, entry: FnElem): [number, number, number] {
  const sizes = attributeOf(entry.attributes, 'workgroup_size')?.params ?? [];
  const size = (axis: number) =>
    sizes[axis] === undefined
      ? 1
      : requireConstant(module, sizes[axis].expression, `@workgroup_size of ${entry.name.ident.originalName}`);
  return [size(0), size(1), size(2)];
}

/** The variables behind bindings, by group and binding. @throws EngineError bad-input for a number that cannot be worked out */
export function boundVariables(
  module: Module,
  layouts: Layouts = layoutsOf(module),
): (KernelVariable & { elem: GlobalVarElem })[] {
  const found = module.variables.flatMap((elem) => {
    const { ident } = elem.name.decl;
    const name = ident.originalName;
    const [group, binding] = ['group', 'binding'].map((each) => {
      const parameter = attributeOf(elem.attributes, each)?.params?.[0];
      return parameter && requireConstant(module, parameter.expression, `@${each} of ${name}`);
    });
    const { typeRef } = elem.name;
    if (group === undefined || binding === undefined || !typeRef) return [];
    const [space = 'handle', access = 'read'] = (elem.template ?? []).map((each) => each.name);
    const type = module.typeOfName(ident);
    return {
      elem,
      group,
      binding,
      name,
      space: space as KernelVariable['space'],
      access: access as KernelVariable['access'],
      type: module.code.slice(typeRef.start, typeRef.end).replace(/\s+/g, ' ').trim(),
      ...(space !== 'handle' && { leastBytes: leastBytes(type, layouts), scalar: onlyScalar(type) }),
    };
  });
  return found.sort((a, b) => a.group - b.group || a.binding - b.binding);
}

/**
 * @throws EngineError bad-input for an entry point that is not there, and for what cannot be worked out; unsupported-construct for a variable in
 *   memory of a kind that is not known here
 */
export function kernelInterface(module: Module, entryPoint?: string): KernelInterface {
  const entry = entryFunction(module, entryPoint);
  const reached = reachedFrom(module, entry);
  const layouts = layoutsOf(module);
  const isReached = (elem: GlobalVarElem) => reached.has(elem.name.decl.ident);
  for (const elem of module.variables) if (isReached(elem)) refuseUnknown(module, elem);
  const bound = boundVariables(module, layouts);
  const plain = ({ elem: _elem, ...variable }: (typeof bound)[number]): KernelVariable => variable;
  const shared = module.variables.filter((elem) => elem.template?.[0]?.name === 'workgroup' && isReached(elem));
  const sizes = shared.map((elem) => fixedBytes(module.typeOfName(elem.name.decl.ident), layouts));
  return {
    entryPoint: entry.name.ident.originalName,
    workgroupSize: workgroupSizeOf(module, entry),
    used: bound.filter(({ elem }) => isReached(elem)).map(plain),
    declared: bound.map(plain),
    workgroupBytes: sizes.reduce<number | undefined>(
      (total, size) => (total === undefined || size === undefined ? undefined : total + Math.ceil(size / 16) * 16),
      0,
    ),
  };
}

/** Newer kinds of memory, and what holds the same. @throws EngineError unsupported-construct */
function refuseUnknown(module: Module, elem: GlobalVarElem): void {
  const { typeRef, decl } = elem.name;
  const name = decl.ident.originalName;
  if (elem.template?.[0]?.name === 'immediate')
    throw module.refuse(elem.start, `var<immediate> ${name}`, 'immediate data is not supported; use a uniform buffer');
  if (typeRef?.name.originalName === 'buffer' && module.bindings.refersTo.get(typeRef.name) === 'std')
    throw module.refuse(elem.start, `buffer ${name}`, 'buffer views are not supported; declare an array of one type');
}

/** The `override` constants of the kernel, in order. @throws EngineError bad-input for an id that cannot be worked out */
export function overridesOf(module: Module, entryPoint: string): OverrideReflection[] {
  const reached = reachedFrom(module, entryFunction(module, entryPoint));
  return module.overrides.map(({ ident, name, id, hasDefault }) => ({
    name,
    ...(id && { id: String(requireConstant(module, id.expression, `@id of ${name}`)) }),
    hasDefault,
    isUsed: reached.has(ident),
  }));
}

function attributeOf(attributes: readonly AttributeElem[] | undefined, name: string) {
  for (const { attribute } of attributes ?? [])
    if (attribute.kind === '@attribute' && attribute.name === name) return attribute;
  return undefined;
}

function requireConstant(module: Module, expression: Parameters<Module['constantOf']>[0], what: string): number {
  const value = module.constantOf(expression);
  if (value !== undefined && Number.isInteger(value)) return value;
  const text = module.code.slice(expression.start, expression.end);
  const line = module.lineOf(expression.start);
  throw new EngineError('bad-input', `line ${line}: cannot work out ${what} from "${text}"`, {
    field: what,
    value: text,
    line,
  });
}

/** Bytes of a type of fixed size; undefined for what has none, or none that is known here. */
function fixedBytes(type: Type, layouts: Layouts): number | undefined {
  return hasFixedSize(type) ? layouts.of(type).size : undefined;
}

function hasFixedSize(type: Type): boolean {
  if (type.kind === 'array') return type.count !== undefined && hasFixedSize(type.elem);
  if (type.kind === 'struct') return type.members.every((member) => hasFixedSize(member.type));
  return ['scalar', 'vector', 'matrix', 'atomic'].includes(type.kind);
}

function leastBytes(type: Type, layouts: Layouts): number | undefined {
  if (hasFixedSize(type)) return layouts.of(type).size;
  if (type.kind === 'array') return hasFixedSize(type.elem) ? layouts.strideOf(type) : undefined;
  const last = type.kind === 'struct' ? type.members.at(-1) : undefined;
  if (last?.type.kind !== 'array' || !hasFixedSize(last.type.elem)) return undefined;
  const { align } = layouts.of(type);
  return Math.ceil((layouts.memberOffset(type, last.name) + layouts.strideOf(last.type)) / align) * align;
}

function onlyScalar(type: Type): KernelVariable['scalar'] {
  const found = new Set<ScalarType['scalar'] | undefined>();
  const visit = (each: Type): void => {
    if (each.kind === 'array') visit(each.elem);
    else if (each.kind === 'struct') for (const member of each.members) visit(member.type);
    else if (each.kind === 'scalar') found.add(each.scalar);
    else if (each.kind === 'vector' || each.kind === 'matrix' || each.kind === 'atomic') found.add(each.elem.scalar);
    else found.add(undefined);
  };
  visit(type);
  const [only] = found;
  return found.size === 1 && (only === 'f32' || only === 'u32' || only === 'i32') ? only : undefined;
}
