// A segment is a stretch of code that always executes as a whole, with a place at its start where statements can be inserted.
// What is known statically about it (how many accesses to which buffer) is added there at once, not access by access.

import type { AccessKind } from '../text/recorder-contract.ts';

export interface SegmentAccess {
  buffer: number;
  kind: AccessKind;
  count: number;
  bytes: number;
}

export class Segment {
  /** Statements that come first: the flush of the step before. */
  readonly prefix: string[] = [];
  /** Block counters to bump. */
  readonly counters: number[] = [];
  /** Touches of addresses that do not depend on an index. */
  readonly touches: string[] = [];
  readonly accesses: SegmentAccess[] = [];
  placed = false;

  add(buffer: number, kind: AccessKind, bytes: number): void {
    const same = this.accesses.find((each) => each.buffer === buffer && each.kind === kind);
    if (same) {
      same.count++;
      same.bytes += bytes;
    } else this.accesses.push({ buffer, kind, count: 1, bytes });
  }
}

/** A place between two statements: the segments and texts inserted there, in order. */
export type Slot = (Segment | string)[];
