// What the walks over the functions of one kernel share: the parsed module, the growing tables, and the function instances.

import type { DeclIdent, FnElem } from 'wesl/core';
import type { LoopGuards } from '../guard/guard.ts';
import { type Layouts, layoutsOf } from '../parse/layout.ts';
import type { Module } from '../parse/parse.ts';
import { type Place, placesIn } from '../parse/places.ts';
import type { Renames } from '../parse/renames.ts';
import type { Marker } from '../text/markers.ts';
import { type Names, namesFor } from '../text/names.ts';
import type { AccessKind, Instrumented, InstrumentOptions, WatchedPlace } from '../text/recorder-contract.ts';
import { AccountBook } from './accounting.ts';
import type { FlushPoints } from './flush-points.ts';
import type { IndexRanges } from './index-ranges.ts';
import { BufferTable } from './kernel-buffers.ts';
import { WrapperTable } from './wrappers.ts';

/** A function as called with particular buffers behind its pointer parameters. Calls with other buffers are other instances. */
export interface Instance {
  fn: FnElem;
  /** 0 keeps the function's name and place; others are copies with a suffix. */
  number: number;
  /** Negative counter: how often it was called. */
  counter: number;
  /** What each pointer parameter into counted memory points to. */
  pointers: Map<DeclIdent, Place | 'untracked'>;
  /** Parameters added for addresses that only the caller knows. */
  addressParameters: Map<DeclIdent, string>;
}

export class TracedKernel {
  readonly names: Names;
  readonly layouts: Layouts;
  readonly places: ReturnType<typeof placesIn>;
  readonly buffers: BufferTable;
  readonly book = new AccountBook();
  readonly helpers: WrapperTable;
  readonly records: (Instrumented['records'][number] & { offset: number })[] = [];
  /** Offsets of the markers that stand between statements of a reached function. */
  readonly seenMarkers = new Set<number>();
  /** Where each buffer is accessed, over all instances. */
  readonly accessOffsets: { offset: number; buffer: number; kind: AccessKind }[] = [];
  readonly watched: WatchedPlace[] = [];
  readonly pending: Instance[] = [];
  private readonly instances = new Map<string, Instance>();
  private numbering: ((counter: number) => number) | undefined;
  private readonly perFunction = new Map<FnElem, number>();

  constructor(
    readonly module: Module,
    readonly options: InstrumentOptions,
    readonly flushPoints: FlushPoints,
    readonly guards: LoopGuards | undefined,
    readonly renames: Renames,
    readonly ranges: IndexRanges,
    /** From a first pass: the buffers and kinds whose access sites differ in width. */
    readonly isMixed: (buffer: number, kind: AccessKind) => boolean,
  ) {
    this.names = namesFor(module.code);
    this.layouts = layoutsOf(module);
    this.places = placesIn(module, this.layouts);
    this.buffers = new BufferTable(module, this.layouts);
    this.helpers = new WrapperTable(this.names);
  }

  /** Number of a record line, the same in every copy of its function. */
  recordNumber({ offset, line }: Marker, named: Omit<Instrumented['records'][number], 'line'>): number {
    const known = this.records.findIndex((each) => each.offset === offset);
    if (known >= 0) return known;
    return this.records.push({ offset, line, ...named }) - 1;
  }

  /** Number of a watched place, the same in every copy of its function. */
  watchedNumber(buffer: number, line: number, kinds: readonly AccessKind[]): number {
    const known = this.watched.findIndex(
      (each) => each.buffer === buffer && each.line === line && each.kinds.join() === kinds.join(),
    );
    return known >= 0 ? known : this.watched.push({ buffer, line, kinds: [...kinds] }) - 1;
  }

  /** Number of a block counter in the shader: those without use are left out. */
  numberOf(counter: number): number {
    this.numbering ??= this.book.numbering();
    return this.numbering(counter);
  }

  /** True when an address of it is worked out: because it is recorded, or to see whether it goes past an end. */
  followsAddresses(place: Place): boolean {
    return this.tracksAddresses(place) || this.mayGoAstray(place);
  }

  /** False where its text says that every index is in range. */
  mayGoAstray({ base, indexes }: Place): boolean {
    return base !== undefined || !indexes.every(({ expression, count }) => this.ranges.isWithin(expression, count));
  }

  /** True when single addresses of the buffer are recorded, not only how many accesses there are. */
  tracksAddresses(place: Place): boolean {
    return this.options.log || this.buffers.of(place.variable).space === 'storage';
  }

  /** What the copy of the function is called behind its name. */
  suffixOf(instance: Instance): string {
    return instance.number === 0 ? '' : `_${this.names.prefix}${instance.number}`;
  }

  /** The instance of `fn` for these pointer arguments, made and queued when it is new. */
  instanceOf(fn: FnElem, pointed: (Place | 'untracked' | undefined)[]): Instance {
    const describe = (place: Place | 'untracked' | undefined) =>
      place === undefined || place === 'untracked'
        ? '-'
        : `${place.variable.name.decl.ident.originalName}+${place.offset}${isDynamic(place) && this.followsAddresses(place) ? '+?' : ''}`;
    const key = `${fn.name.ident.originalName}(${pointed.map(describe).join()})`;
    const known = this.instances.get(key);
    if (known) return known;
    const number = this.perFunction.get(fn) ?? 0;
    this.perFunction.set(fn, number + 1);
    const instance: Instance = {
      fn,
      number,
      counter: this.book.newInstance(),
      pointers: new Map(),
      addressParameters: new Map(),
    };
    fn.params.forEach((parameter, i) => {
      const place = pointed[i];
      const { ident } = parameter.name.decl;
      if (place === undefined) return;
      if (place === 'untracked' || !isDynamic(place) || !this.followsAddresses(place)) {
        instance.pointers.set(ident, place === 'untracked' ? place : { ...place, indexes: [], base: undefined });
        return;
      }
      const name = `${this.names.prefix}base${i}`;
      instance.addressParameters.set(ident, name);
      instance.pointers.set(ident, { ...place, indexes: [], base: name });
    });
    this.instances.set(key, instance);
    this.pending.push(instance);
    return instance;
  }
}

/** True when part of the address is only known where the code runs. */
export function isDynamic(place: Place): boolean {
  return place.base !== undefined || place.indexes.length > 0;
}
