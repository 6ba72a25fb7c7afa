// A Trace made of plain metadata and columns. Both halves can be posted to another thread or written to a file as they are.

import type { Site } from '../wgsl/text/recorder-contract.ts';
import { type NarrowForm, widen } from './narrow.ts';
import { probesOf, type RecordHead, recordTables } from './record-tables.ts';
import { type Columns, stepList } from './steps.ts';
import type { Trace } from './trace.ts';

type Plain = Pick<
  Trace,
  | 'buffers'
  | 'totals'
  | 'operations'
  | 'events'
  | 'dispatches'
  | 'lines'
  | 'outOfBounds'
  | 'truncated'
  | 'cut'
  | 'matchesPlain'
  | 'largestDifference'
>;

/** Everything but the columns; plain JSON. */
export interface TraceMeta extends Plain {
  version: 2;
  sources: Record<string, string>;
  /** Site tables, one for each different kernel, and which of them each dispatch has. */
  siteTables: Site[][];
  sitesOf: number[];
  touches: { buffer: string; loads: NarrowForm; stores: NarrowForm }[] | undefined;
  records: RecordHead[] | undefined;
  hasLog: boolean;
}

const LOG_COLUMNS = ['step', 'invocation', 'buffer', 'index', 'kind'] as const;

export class RecordedTrace implements Trace {
  readonly buffers;
  readonly totals;
  readonly operations;
  readonly events;
  readonly dispatches;
  readonly lines;
  readonly outOfBounds?: Trace['outOfBounds'];
  readonly sources;
  readonly truncated;
  readonly cut?: Trace['cut'];
  matchesPlain: boolean;
  largestDifference?: number;
  private stepView: Trace['steps'] | undefined;
  private touchView: Trace['touches'];
  private recordView: Trace['records'];
  private probeView: Trace['probes'];

  constructor(
    private readonly facts: TraceMeta,
    readonly columns: Columns,
  ) {
    this.buffers = facts.buffers;
    this.totals = facts.totals;
    this.operations = facts.operations;
    this.events = facts.events;
    this.dispatches = facts.dispatches;
    this.lines = facts.lines;
    if (facts.outOfBounds) this.outOfBounds = facts.outOfBounds;
    this.sources = facts.sources;
    this.truncated = facts.truncated;
    if (facts.cut) this.cut = facts.cut;
    this.matchesPlain = facts.matchesPlain;
    if (facts.largestDifference !== undefined) this.largestDifference = facts.largestDifference;
  }

  get steps(): Trace['steps'] {
    this.stepView ??= stepList(
      this.columns,
      this.facts.sitesOf.map((table) => this.facts.siteTables[table]!),
    );
    return this.stepView;
  }

  get touches(): Trace['touches'] {
    const { touches } = this.facts;
    if (!touches) return undefined;
    // Widened when somebody looks: a score matrix's map is 16 times its narrow form.
    this.touchView ??= touches.map(({ buffer, loads, stores }) => {
      const columns = this.columns as Record<string, Uint32Array>;
      let widened: { loads?: Uint32Array; stores?: Uint32Array } = {};
      return {
        buffer,
        get loads() {
          widened.loads ??= widen(loads, columns[`touch.${buffer}.loads`]);
          return widened.loads;
        },
        get stores() {
          widened.stores ??= widen(stores, columns[`touch.${buffer}.stores`]);
          return widened.stores;
        },
        set loads(_: Uint32Array) {
          widened = {};
        },
        set stores(_: Uint32Array) {
          widened = {};
        },
      };
    });
    return this.touchView;
  }

  get records(): Trace['records'] {
    this.recordView ??= this.facts.records && recordTables(this.facts.records, this.columns);
    return this.recordView;
  }

  get probes(): Trace['probes'] {
    this.probeView ??= this.records && probesOf(this.facts.records!, this.records);
    return this.probeView;
  }

  get log(): Trace['log'] {
    if (!this.facts.hasLog) return undefined;
    const entries = LOG_COLUMNS.map((name) => [name, this.columns[`log.${name}`] as Uint32Array]);
    return Object.fromEntries(entries) as NonNullable<Trace['log']>;
  }

  /** The plain half, with what the engine filled in after the recording. */
  get meta(): TraceMeta {
    const { matchesPlain, largestDifference } = this;
    return { ...this.facts, matchesPlain, ...(largestDifference !== undefined && { largestDifference }) };
  }
}
