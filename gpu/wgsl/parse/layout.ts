// Sizes and offsets of WGSL types in memory (WGSL spec, "Memory Layout"). Two sizes matter here: the footprint in memory, padding
// included, from which addresses follow, and the bytes a load or store of the value moves, padding left out.

import type { StructElem, Type } from 'wesl/core';
import type { Module } from './parse.ts';

export interface TypeLayout {
  align: number;
  /** Bytes in memory; 0 for a runtime-sized array. */
  size: number;
  /** Bytes of the value without padding; undefined where the type has no fixed size. */
  valueBytes: number | undefined;
}

export interface Layouts {
  of(type: Type): TypeLayout;
  /** Bytes between elements of an array, columns of a matrix, components of a vector. */
  strideOf(type: Type): number;
  memberOffset(type: Type, member: string): number;
  /** Byte ranges [offset, length] of the value's own bytes within its footprint, ascending, adjacent ones joined. */
  rangesOf(type: Type): [number, number][];
  hasHalf(type: Type): boolean;
}

const roundUp = (align: number, value: number) => Math.ceil(value / align) * align;

/** Layout rules for the types of `module` (struct attributes included). Throws its refusal for a type without a layout. */
export function layoutsOf(module: Module): Layouts {
  const scalarBytes = (scalar: string) => (scalar === 'f16' ? 2 : 4);

  const refuse = (type: Type) => module.refuse(0, 'type', `no memory layout is known for ${type.kind}`);

  const structLayout = (members: { name: string; type: Type }[], elem: StructElem | undefined) => {
    const offsets = new Map<string, number>();
    let end = 0;
    let align = 1;
    let valueBytes: number | undefined = 0;
    for (const member of members) {
      const layout = of(member.type);
      const attributes = elem?.members.find((each) => each.name.name === member.name)?.attributes ?? [];
      const attribute = (name: string) => {
        for (const { attribute: each } of attributes) {
          const parameter = each.kind === '@attribute' && each.name === name ? each.params?.[0] : undefined;
          if (parameter) return module.constantOf(parameter.expression);
        }
        return undefined;
      };
      const memberAlign = attribute('align') ?? layout.align;
      const offset = roundUp(memberAlign, end);
      offsets.set(member.name, offset);
      end = offset + (attribute('size') ?? layout.size);
      align = Math.max(align, memberAlign);
      valueBytes =
        valueBytes === undefined || layout.valueBytes === undefined ? undefined : valueBytes + layout.valueBytes;
    }
    return { offsets, layout: { align, size: roundUp(align, end), valueBytes } };
  };

  const of = (type: Type): TypeLayout => {
    switch (type.kind) {
      case 'scalar': {
        const size = scalarBytes(type.scalar);
        return { align: size, size, valueBytes: size };
      }
      case 'atomic':
        return { align: 4, size: 4, valueBytes: 4 };
      case 'vector': {
        const bytes = scalarBytes(type.elem.scalar);
        return { align: bytes * (type.size === 2 ? 2 : 4), size: bytes * type.size, valueBytes: bytes * type.size };
      }
      case 'matrix': {
        const column = of({ kind: 'vector', size: type.rows, elem: type.elem });
        const stride = roundUp(column.align, column.size);
        return { align: column.align, size: stride * type.cols, valueBytes: column.size * type.cols };
      }
      case 'array': {
        const elem = of(type.elem);
        const count = type.count ?? 0;
        return {
          align: elem.align,
          size: roundUp(elem.align, elem.size) * count,
          valueBytes: type.count === undefined || elem.valueBytes === undefined ? undefined : elem.valueBytes * count,
        };
      }
      case 'struct':
        return structLayout(type.members, type.structElem).layout;
      default:
        throw refuse(type);
    }
  };

  const strideOf = (type: Type): number => {
    if (type.kind === 'array') {
      const elem = of(type.elem);
      return roundUp(elem.align, elem.size);
    }
    if (type.kind === 'vector') return scalarBytes(type.elem.scalar);
    if (type.kind === 'matrix') {
      const column = of({ kind: 'vector', size: type.rows, elem: type.elem });
      return roundUp(column.align, column.size);
    }
    throw refuse(type);
  };

  const memberOffset = (type: Type, member: string): number => {
    if (type.kind !== 'struct') throw refuse(type);
    return structLayout(type.members, type.structElem).offsets.get(member)!;
  };

  const rangesOf = (type: Type): [number, number][] => {
    const ranges: [number, number][] = [];
    const add = (offset: number, length: number) => {
      const last = ranges.at(-1);
      if (last && last[0] + last[1] === offset) last[1] += length;
      else ranges.push([offset, length]);
    };
    const visit = (each: Type, base: number): void => {
      if (each.kind === 'struct')
        for (const { name, type } of each.members) visit(type, base + memberOffset(each, name));
      else if (each.kind === 'array')
        for (let i = 0; i < (each.count ?? 0); i++) visit(each.elem, base + i * strideOf(each));
      else if (each.kind === 'matrix')
        for (let i = 0; i < each.cols; i++)
          visit({ kind: 'vector', size: each.rows, elem: each.elem }, base + i * strideOf(each));
      else add(base, of(each).size);
    };
    visit(type, 0);
    return ranges;
  };

  const hasHalf = (type: Type): boolean => {
    if (type.kind === 'struct') return type.members.some((member) => hasHalf(member.type));
    if (type.kind === 'array') return hasHalf(type.elem);
    const scalar =
      type.kind === 'scalar' ? type : type.kind === 'vector' || type.kind === 'matrix' ? type.elem : undefined;
    return scalar?.scalar === 'f16';
  };

  return { of, strideOf, memberOffset, rangesOf, hasHalf };
}
