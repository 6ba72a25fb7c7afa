// The words of the recorder's storage buffer. The shader text (shader-text.ts), the layout planner (gpu/trace) and the decoder
// (gpu/trace) agree through this file alone. All regions start zeroed.

import type { AccessKind, BufferUse, InstrumentOptions } from './recorder-contract.ts';

/** Fixed words at the start. Offsets and capacities are written by the host, the rest by the shader. */
export const HEADER = {
  /** 1 when a loop ran out of its budget. First, so that a guarded kernel without recorder can use the same flag. */
  loopBudgetExceeded: 0,
  ticket: 1,
  /** Flushes that found no room in the step table. */
  droppedFlushes: 2,
  stepOffset: 3,
  /** Slots − 1; slots are a power of two. */
  stepMask: 4,
  probeCursor: 5,
  probeOffset: 6,
  probeCapacity: 7,
  logCursor: 8,
  logOffset: 9,
  logCapacity: 10,
  /** Wanted invocations: their number (ALL_INVOCATIONS for every one) and where the list starts. */
  wantedCount: 11,
  wantedOffset: 12,
  /** Probe records that could not be attributed to a step. */
  droppedProbes: 13,
  /** Takes the touches of a buffer without a map. */
  nowhere: 14,
  /** Accesses past the end, a word for each watched place: where they start, and words from one workgroup's to the next's (0 = one for all). */
  pastOffset: 15,
  pastStride: 16,
  /** Three words for each buffer: words bound, offsets of its load and store maps (0 = no map). */
  buffers: 18,
} as const;

export const ALL_INVOCATIONS = 0xffffffff;
export const BUFFER_WORDS = 3;
/** Words of a log record: slot, invocation, buffer, word index, kind. */
export const LOG_WORDS = 5;
/** Words of a probe record before its values: marker, slot, invocation. */
export const PROBE_WORDS = 3;
/** Slot word that holds the inverted ticket, after the three key words. */
export const SLOT_TICKET = 3;
const SLOT_FIELDS = 4;

export const LOG_KIND: Record<AccessKind, number> = { load: 0, store: 1, atomic: 2 };

/** First word of the block counters: the low words of all, then the high words of all. */
export function counterOffset(bufferCount: number): number {
  return HEADER.buffers + BUFFER_WORDS * bufferCount;
}

/** First word behind header and counters. */
export function fixedWords(bufferCount: number, counters: number): number {
  return counterOffset(bufferCount) + 2 * counters;
}

/** Bit of an address that says that an index on the way to it was out of range; the rest is where that led. */
export const ASTRAY = 2 ** 31;

/** One word of a step's slot. `first` is inverted and `last` is one higher, so that zero means none. */
export interface SlotField {
  buffer: number;
  field: 'count' | 'bytes' | 'first' | 'last';
  /** For count and bytes. */
  kind?: AccessKind;
  /** Word within the slot. */
  word: number;
}

/** The fields of a slot, in word order, and its length in words. */
export function slotLayout(uses: readonly BufferUse[]): { fields: SlotField[]; words: number } {
  const fields: SlotField[] = [];
  let word = SLOT_FIELDS;
  for (const { buffer, kinds, mixed, span } of uses) {
    for (const kind of kinds) {
      fields.push({ buffer, field: 'count', kind, word: word++ });
      if (mixed.includes(kind)) fields.push({ buffer, field: 'bytes', kind, word: word++ });
    }
    if (span) {
      fields.push({ buffer, field: 'first', word: word++ });
      fields.push({ buffer, field: 'last', word: word++ });
    }
  }
  return { fields, words: word };
}

/** Whether the words of a storage variable are marked, not counted. */
export function isMarked(
  { touches, marked }: Pick<InstrumentOptions, 'touches' | 'marked'>,
  variable: string,
): boolean {
  return !touches || marked?.includes(variable) === true;
}
