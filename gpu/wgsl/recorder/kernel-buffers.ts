// The storage and workgroup variables of a kernel as the recorder sees them.

import type { GlobalVarElem, Type } from 'wesl/core';
import type { Layouts } from '../parse/layout.ts';
import type { Module } from '../parse/parse.ts';
import type { KernelBuffer } from '../text/recorder-contract.ts';

export interface TrackedBuffer extends KernelBuffer {
  index: number;
  elem: GlobalVarElem;
  /** Bytes of one step of the addresses computed in the shader: 4, or 1 where 2-byte floats are inside. */
  unit: 1 | 4;
  /** The array in it whose length only the runtime knows, once an index of it has to be clamped: where it starts, bytes of an element. */
  open?: { offset: number; stride: number };
}

export class BufferTable {
  readonly buffers: TrackedBuffer[] = [];

  constructor(
    private readonly module: Module,
    private readonly layouts: Layouts,
  ) {}

  /** The entry of a variable, made when it is first met. */
  of(elem: GlobalVarElem): TrackedBuffer {
    const known = this.buffers.find((each) => each.elem === elem);
    if (known) return known;
    const space = elem.template?.[0]?.name === 'workgroup' ? 'workgroup' : 'storage';
    const type = this.module.typeOfName(elem.name.decl.ident);
    const buffer: TrackedBuffer = {
      index: this.buffers.length,
      elem,
      unit: this.layouts.hasHalf(type) ? 1 : 4,
      variable: elem.name.decl.ident.originalName,
      space,
      ...this.elements(type, elem, space),
      ...(space === 'storage' && { group: this.attribute(elem, 'group'), binding: this.attribute(elem, 'binding') }),
    };
    this.buffers.push(buffer);
    return buffer;
  }

  private attribute(elem: GlobalVarElem, name: string): number | undefined {
    for (const { attribute } of elem.attributes ?? []) {
      const parameter = attribute.kind === '@attribute' && attribute.name === name ? attribute.params?.[0] : undefined;
      if (parameter) return this.module.constantOf(parameter.expression);
    }
    return undefined;
  }

  /** Storage counts in scalars, as tensors do; workgroup arrays in their innermost elements. */
  private elements(type: Type, elem: GlobalVarElem, space: KernelBuffer['space']) {
    let inner = type;
    let length = 1;
    while (inner.kind === 'array') {
      if (inner.count === undefined && space === 'workgroup')
        throw this.module.refuse(
          elem.name.start,
          `array ${elem.name.decl.ident.originalName}`,
          'its length cannot be worked out',
        );
      length *= inner.count ?? 0;
      inner = inner.elem;
    }
    if (space === 'workgroup') return { elementBytes: this.layouts.of(inner).size, length };
    const scalarBytes = this.layouts.hasHalf(inner) && inner.kind !== 'struct' ? 2 : 4;
    return { elementBytes: scalarBytes, length: Math.floor(this.layouts.of(type).size / scalarBytes) };
  }
}
