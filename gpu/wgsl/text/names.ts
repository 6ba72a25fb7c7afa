// Names of inserted code. A prefix that occurs nowhere in the kernel keeps them apart from the kernel's own.

import type { AccessKind } from './recorder-contract.ts';

export const KIND_LETTER: Record<AccessKind, string> = { load: 'l', store: 's', atomic: 'a' };

export interface Names {
  prefix: string;
  /** The recorder's storage buffer. */
  recorder: string;
  blockCounter(counter: number): string;
  /** Accesses since the last flush. */
  stepCount(buffer: number, kind: AccessKind): string;
  stepBytes(buffer: number, kind: AccessKind): string;
  touch(buffer: number, kind: AccessKind): string;
  /** The highest index of the buffer's array whose length only the runtime knows. */
  lastElement(buffer: number): string;
  /** Counts an access past the end. */
  past: string;
}

export function namesFor(code: string): Names {
  let prefix = 't_';
  for (let n = 0; new RegExp(`\\b${prefix}`).test(code); n++) prefix = `t${n}_`;
  return {
    prefix,
    recorder: `${prefix}recorder`,
    blockCounter: (counter) => `${prefix}n${counter}`,
    stepCount: (buffer, kind) => `${prefix}${KIND_LETTER[kind]}${buffer}`,
    stepBytes: (buffer, kind) => `${prefix}${KIND_LETTER[kind]}b${buffer}`,
    lastElement: (buffer) => `${prefix}top${buffer}`,
    past: `${prefix}past`,
    touch: (buffer, kind) => `${prefix}touch_${KIND_LETTER[kind]}${buffer}`,
  };
}
