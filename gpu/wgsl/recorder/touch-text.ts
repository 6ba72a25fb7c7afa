// WGSL statements inserted for segments and for single accesses.

import type { GlobalVarElem } from 'wesl/core';
import type { Index } from '../parse/places.ts';
import type { AccessKind } from '../text/recorder-contract.ts';
import { ASTRAY } from '../text/recorder-layout.ts';
import type { TrackedBuffer } from './kernel-buffers.ts';
import type { Segment, Slot } from './segment.ts';
import type { TracedKernel } from './traced-kernel.ts';

/** Beyond this many separate stretches of memory a single access is refused: its code would not end. */
const MOST_RANGES = 64;
/** Up to this many words are touched one by one, more in a loop. */
const UNROLLED = 4;

/** The statements a segment stands for; empty when it has nothing to do. */
export function segmentText(kernel: TracedKernel, segment: Segment): string {
  const { names } = kernel;
  const texts = [...segment.prefix];
  // A block that holds nothing to count (a probe, say) needs no counter.
  for (const counter of segment.counters.filter((each) => kernel.book.isUsed(each)))
    texts.push(`${names.blockCounter(kernel.numberOf(counter))} += 1u;`);
  for (const { buffer, kind, count, bytes } of segment.accesses) {
    texts.push(`${names.stepCount(buffer, kind)} += ${count}u;`);
    if (kernel.isMixed(buffer, kind)) texts.push(`${names.stepBytes(buffer, kind)} += ${bytes}u;`);
  }
  texts.push(...segment.touches);
  return texts.length === 0 ? '' : `${texts.join(' ')} `;
}

export function slotText(kernel: TracedKernel, slot: Slot): string {
  return slot.map((each) => (typeof each === 'string' ? `${each} ` : segmentText(kernel, each))).join('');
}

/**
 * How far an index moves an address, in the buffer's unit, as WGSL for an index called `i`. Each index is clamped to what it indexes, as
 * implementations do: what lies beside that is not reached. WGSL leaves more open (a store out of range may also be dropped); it is shown
 * where Chromium puts it.
 */
export function indexText(kernel: TracedKernel, variable: GlobalVarElem, index: Index): string {
  const buffer = kernel.buffers.of(variable);
  return `min(i, ${lastText(kernel, buffer, index)}) * ${index.stride / buffer.unit}u`;
}

/** Whether an index called `i` is out of range. A negative one is: as an address it is a large one. */
export function astrayText(kernel: TracedKernel, variable: GlobalVarElem, index: Index): string {
  return `i > ${lastText(kernel, kernel.buffers.of(variable), index)}`;
}

/** The highest index in range. */
function lastText(kernel: TracedKernel, buffer: TrackedBuffer, { stride, count, offset }: Index): string {
  if (count !== undefined) return `${count - 1}u`;
  buffer.open = { offset, stride };
  return kernel.names.lastElement(buffer.index);
}

/** The address itself, of one that may say that it went astray. */
export function addressText(base: string): string {
  return `(${base} & ${ASTRAY - 1}u)`;
}

/**
 * Calls of the buffer's touch functions for one access.
 *
 * @param base WGSL for the dynamic part of the address in the buffer's unit; empty for none
 * @param offset static part, bytes
 * @param ranges byte ranges of the value, relative to its start
 */
export function touchStatements(
  kernel: TracedKernel,
  buffer: TrackedBuffer,
  kinds: readonly AccessKind[],
  base: string,
  offset: number,
  ranges: readonly [number, number][],
  at: { start: number },
): string {
  if (ranges.length > MOST_RANGES)
    throw kernel.module.refuse(at.start, 'whole value', `it lies in ${ranges.length} separate pieces of memory`);
  const plus = (bytes: number) => {
    const n = Math.min(bytes / buffer.unit, 0xffffffff);
    return base === '' ? `${n}u` : n === 0 ? base : `${base} + ${n}u`;
  };
  return kinds
    .flatMap((kind) => {
      const touch = kernel.names.touch(buffer.index, kind);
      return ranges.map(([from, length]) => {
        const start = offset + from;
        if (buffer.unit === 1) {
          const first = `(${plus(start)}) >> 2u`;
          const last = `(${plus(start + length - 1)}) >> 2u`;
          return length === 2
            ? `${touch}(${first});`
            : `for (var word = ${first}; word <= ${last}; word++) { ${touch}(word); }`;
        }
        const words = length / 4;
        if (words > UNROLLED)
          return `for (var word = 0u; word < ${words}u; word++) { ${touch}(${plus(start)} + word); }`;
        return Array.from({ length: words }, (_, i) => `${touch}(${plus(start + 4 * i)});`).join(' ');
      });
    })
    .join(' ');
}
