// Joins the recordings of a run's dispatches into one Trace. Storage is known by the name of the buffer behind the variable, so
// that a tensor that one kernel writes and the next reads is one row everywhere.

import type { Instrumented, KernelBuffer, Site } from '../wgsl/text/recorder-contract.ts';
import { type DispatchRecording, NO_STEP } from './decode.ts';
import { narrow } from './narrow.ts';
import { RecordCollector, type RecordHead } from './record-tables.ts';
import { RecordedTrace, type TraceMeta } from './recorded-trace.ts';
import type { Columns } from './steps.ts';
import { kernelTotals } from './totals.ts';
import type { BufferTotals, LineCount, Operations, OutOfBounds, TraceBuffer, TraceCut } from './trace.ts';

export interface TracePart {
  recording: DispatchRecording;
  instrumented: Instrumented;
  /** File name. */
  kernel: string;
  /** The kernel's text before instrumentation. */
  source: string;
  workgroups: [number, number, number];
  /** Storage variable → buffer name; the variable's own name where absent. */
  names: Readonly<Record<string, string>>;
  /** Storage variable → elements of the buffer behind it. */
  lengths: Readonly<Record<string, number>>;
}

const STEP_KEYS = ['workgroup', 'phase', 'site', 'visit', 'ticket'] as const;
const ACCESS_KEYS = ['loads', 'stores', 'atomics', 'loadBytes', 'storeBytes', 'first', 'last'] as const;

/** Parts are in dispatch order. `matchesPlain` is false until the engine has compared the outputs. */
export function assembleTrace(parts: readonly TracePart[]): RecordedTrace {
  const buffers = new BufferIndex(parts);
  const totals = buffers.list.map(({ name }) => emptyTotals(name));
  const operations: Operations = { multiply: 0, add: 0, divide: 0, compare: 0, special: 0 };
  const events: Record<string, number> = {};
  const lines = new Map<string, LineCount>();
  const touches: TouchMaps = new Map();
  /** Counts or marks: where they are not zero. */
  const touched: TouchMaps = new Map();
  const unknown = new Set<number>();

  for (const part of parts) {
    const { instrumented, recording, kernel } = part;
    const kernelSum = kernelTotals(instrumented.accounting, instrumented.buffers.length, recording.counters);
    kernelSum.buffers.forEach((sum, i) => {
      const total = totals[buffers.of(part, instrumented.buffers[i]!)]!;
      for (const key of ['loads', 'stores', 'atomics', 'loadBytes', 'storeBytes'] as const) total[key] += sum[key];
    });
    for (const kind of Object.keys(operations) as (keyof Operations)[]) operations[kind] += kernelSum.operations[kind];
    for (const [name, n] of kernelSum.events) events[name] = (events[name] ?? 0) + n;
    for (const row of kernelSum.lines) {
      const key = `${row.line} ${kernel}`;
      const line = lines.get(key);
      if (!line) lines.set(key, { kernel, ...row });
      else {
        line.executions += row.executions;
        line.loads += row.loads;
        line.stores += row.stores;
      }
    }
    const indexOf = (variable: string) =>
      buffers.of(part, instrumented.buffers.find((each) => each.variable === variable)!);
    for (const each of recording.touches) addTouches(touches, indexOf(each.variable), each);
    for (const each of [...recording.touches, ...recording.marks]) addTouches(touched, indexOf(each.variable), each);
    for (const variable of recording.touchesOmitted) unknown.add(indexOf(variable));
  }

  const columns: Columns = {};
  addStepColumns(columns, parts, buffers);
  const wantsTouches = parts.some(({ instrumented }) => instrumented.options.touches);
  const touchMeta: TraceMeta['touches'] = wantsTouches ? [] : undefined;
  for (const [index, { loads, stores }] of [...touches].sort((a, b) => a[0] - b[0])) {
    const { name } = buffers.list[index]!;
    const length = Math.max(loads.length, stores.length);
    const forms = { loads: narrow(padded(loads, length)), stores: narrow(padded(stores, length)) };
    for (const key of ['loads', 'stores'] as const) {
      const { column } = forms[key];
      if (column) columns[`touch.${name}.${key}`] = column;
    }
    touchMeta?.push({ buffer: name, loads: forms.loads.form, stores: forms.stores.form });
  }
  for (const [index, { loads, stores }] of touched) {
    totals[index]!.uniqueLoaded = countTouched(loads);
    totals[index]!.uniqueStored = countTouched(stores);
  }
  for (const index of unknown) Object.assign(totals[index]!, { uniqueLoaded: Number.NaN, uniqueStored: Number.NaN });
  const records = addRecordColumns(columns, parts);
  const hasLog = addLogColumns(columns, parts, buffers);
  const { siteTables, sitesOf } = siteTablesOf(parts);
  const cut = cutOf(parts);

  return new RecordedTrace(
    {
      version: 2,
      buffers: buffers.list,
      totals,
      operations,
      events,
      dispatches: parts.map(({ kernel, workgroups, instrumented: { workgroupSize, stepSource } }) => ({
        kernel,
        workgroups,
        workgroupSize,
        stepSource,
      })),
      lines: [...lines.values()],
      outOfBounds: outOfBoundsOf(parts, buffers),
      sources: Object.fromEntries(parts.map(({ kernel, source }) => [kernel, source])),
      siteTables,
      sitesOf,
      touches: touchMeta,
      records,
      hasLog,
      matchesPlain: false,
      truncated: cut.length > 0,
      ...(cut.length > 0 && { cut }),
    },
    columns,
  );
}

/** Parts of the trace that had no room in some dispatch. */
function cutOf(parts: readonly TracePart[]): TraceCut[] {
  const wantsTouches = parts.some(({ instrumented }) => instrumented.options.touches);
  const isCut: Record<TraceCut, (part: TracePart) => boolean> = {
    // Records claim steps, too: where none were asked for, none are missing.
    steps: ({ recording, instrumented }) => recording.stepsTruncated && instrumented.options.steps !== false,
    records: ({ recording }) => recording.probesTruncated,
    touches: ({ recording }) => recording.touchesOmitted.length > 0 || (wantsTouches && recording.marks.length > 0),
    log: ({ recording }) => recording.logTruncated,
  };
  return (Object.keys(isCut) as TraceCut[]).filter((part) => parts.some(isCut[part]));
}

/** Rows beyond which workgroups are added up: a kernel that goes astray everywhere says so in few words. */
const MOST_ROWS = 1 << 14;

function outOfBoundsOf(parts: readonly TracePart[], buffers: BufferIndex): OutOfBounds[] {
  const inAll = parts.reduce((sum, { recording }) => sum + recording.past.length, 0);
  const rows = new Map<string, OutOfBounds>();
  for (const [dispatch, part] of parts.entries()) {
    const { watched, buffers: own } = part.instrumented;
    for (const { watched: place, workgroup, count } of part.recording.past) {
      const { buffer, line, kinds } = watched[place]!;
      const { name } = buffers.list[buffers.of(part, own[buffer]!)]!;
      const where = workgroup === undefined || inAll > MOST_ROWS ? {} : { workgroup };
      const key = JSON.stringify([dispatch, where, name, line]);
      const row = rows.get(key) ?? { dispatch, ...where, buffer: name, line, loads: 0, stores: 0, atomics: 0 };
      rows.set(key, row);
      for (const kind of kinds) row[`${kind}s`] += count;
    }
  }
  return [...rows.values()];
}

/** The trace's buffers, and which of them a kernel's variable is. */
class BufferIndex {
  readonly list: TraceBuffer[] = [];
  private readonly indexes = new Map<string, number>();

  constructor(private readonly parts: readonly TracePart[]) {
    for (const part of parts) for (const buffer of part.instrumented.buffers) this.of(part, buffer);
  }

  of(part: TracePart, buffer: KernelBuffer): number {
    const name = this.nameOf(part, buffer);
    const key = `${buffer.space} ${name}`;
    const length = buffer.space === 'storage' ? (part.lengths[buffer.variable] ?? buffer.length) : buffer.length;
    const known = this.indexes.get(key);
    if (known !== undefined) {
      this.list[known]!.length = Math.max(this.list[known]!.length, length);
      return known;
    }
    this.indexes.set(key, this.list.length);
    return this.list.push({ name, space: buffer.space, elementBytes: buffer.elementBytes, length }) - 1;
  }

  private nameOf({ names, kernel }: TracePart, { variable, space, elementBytes, length }: KernelBuffer): string {
    if (space === 'storage') return names[variable] ?? variable;
    // The same name for workgroup memory of another shape in another kernel is another thing; one kernel may run in several shapes.
    const others = this.parts.flatMap((part) => (part.kernel === kernel ? [] : part.instrumented.buffers));
    const ambiguous = others.some(
      (other) =>
        other.space === 'workgroup' &&
        other.variable === variable &&
        (other.elementBytes !== elementBytes || other.length !== length),
    );
    const storageHasIt = this.parts.some((part) => Object.values(part.names).includes(variable));
    return ambiguous || storageHasIt ? `${kernel}:${variable}` : variable;
  }
}

function emptyTotals(buffer: string): BufferTotals {
  return {
    buffer,
    loads: 0,
    stores: 0,
    atomics: 0,
    loadBytes: 0,
    storeBytes: 0,
    uniqueLoaded: 0,
    uniqueStored: 0,
  };
}

type TouchMaps = Map<number, { loads: Uint32Array; stores: Uint32Array }>;

function addTouches(maps: TouchMaps, index: number, { kind, counts }: DispatchRecording['touches'][number]): void {
  const map = maps.get(index) ?? { loads: new Uint32Array(0), stores: new Uint32Array(0) };
  maps.set(index, map);
  const key = kind === 'load' ? 'loads' : 'stores';
  map[key] = addCounts(map[key], counts);
}

function addCounts(sum: Uint32Array, counts: Uint32Array): Uint32Array {
  if (sum.length === 0) return counts.slice();
  const result = padded(sum, Math.max(sum.length, counts.length));
  for (let i = 0; i < counts.length; i++) result[i]! += counts[i]!;
  return result;
}

function padded(values: Uint32Array, length: number): Uint32Array {
  if (values.length === length) return values;
  const result = new Uint32Array(length);
  result.set(values);
  return result;
}

function countTouched(counts: Uint32Array): number {
  let touched = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] !== 0) touched++;
  return touched;
}

function addStepColumns(columns: Columns, parts: readonly TracePart[], buffers: BufferIndex): void {
  const stepCount = parts.reduce((sum, { recording }) => sum + recording.steps.site.length, 0);
  const accessCount = parts.reduce((sum, { recording }) => sum + recording.steps.buffer.length, 0);
  const make = (name: string, length: number) => {
    const column = new Uint32Array(length);
    columns[name] = column;
    return column;
  };
  const dispatchColumn = make('step.dispatch', stepCount);
  const start = make('step.access', stepCount + 1);
  const bufferColumn = make('access.buffer', accessCount);
  const stepColumns = STEP_KEYS.map((key) => make(`step.${key}`, stepCount));
  const accessColumns = ACCESS_KEYS.map((key) => make(`access.${key}`, accessCount));
  let step = 0;
  let row = 0;
  let ticket = 0;
  parts.forEach((part, dispatch) => {
    const { steps } = part.recording;
    const local = part.instrumented.buffers.map((buffer) => buffers.of(part, buffer));
    STEP_KEYS.forEach((key, i) => {
      stepColumns[i]!.set(steps[key], step);
    });
    ACCESS_KEYS.forEach((key, i) => {
      accessColumns[i]!.set(steps[key], row);
    });
    for (let i = 0; i < steps.buffer.length; i++) bufferColumn[row + i] = local[steps.buffer[i]!]!;
    const tickets = columns['step.ticket'] as Uint32Array;
    let highest = ticket;
    for (let i = 0; i < steps.site.length; i++) {
      dispatchColumn[step + i] = dispatch;
      start[step + i + 1] = row + steps.accessStart[i + 1]!;
      // Tickets count on over the dispatches, which run one after the other.
      tickets[step + i]! += ticket;
      highest = Math.max(highest, tickets[step + i]! + 1);
    }
    ticket = highest;
    step += steps.site.length;
    row += steps.buffer.length;
  });
}

function addRecordColumns(columns: Columns, parts: readonly TracePart[]): RecordHead[] | undefined {
  if (!parts.some(({ instrumented }) => instrumented.options.probes !== false)) return undefined;
  const collector = new RecordCollector();
  let firstStep = 0;
  for (const { recording, instrumented, kernel } of parts) {
    instrumented.records.forEach((head, i) => {
      collector.add({ kernel, ...head }, recording.records[i]!, firstStep);
    });
    firstStep += recording.steps.site.length;
  }
  return collector.into(columns);
}

/** A dispatch's step → the run's. */
function stepOfRun(step: number, firstStep: number): number {
  return step === NO_STEP ? step : step + firstStep;
}

function addLogColumns(columns: Columns, parts: readonly TracePart[], buffers: BufferIndex): boolean {
  const logs = parts.filter(({ recording }) => recording.log);
  if (logs.length === 0) return false;
  const length = logs.reduce((sum, { recording }) => sum + recording.log!.step.length, 0);
  for (const key of ['step', 'invocation', 'buffer', 'index', 'kind'] as const) {
    const column = new Uint32Array(length);
    columns[`log.${key}`] = column;
    let at = 0;
    let firstStep = 0;
    for (const part of parts) {
      const { recording, instrumented } = part;
      const map =
        key === 'step'
          ? (value: number) => stepOfRun(value, firstStep)
          : key === 'buffer'
            ? (value: number) => buffers.of(part, instrumented.buffers[value]!)
            : (value: number) => value;
      for (const value of recording.log?.[key] ?? []) column[at++] = map(value);
      firstStep += recording.steps.site.length;
    }
  }
  return true;
}

function siteTablesOf(parts: readonly TracePart[]): { siteTables: Site[][]; sitesOf: number[] } {
  const siteTables: Site[][] = [];
  const keys = new Map<string, number>();
  const sitesOf = parts.map(({ instrumented: { sites } }) => {
    const key = JSON.stringify(sites);
    const known = keys.get(key);
    if (known !== undefined) return known;
    keys.set(key, siteTables.length);
    return siteTables.push(sites) - 1;
  });
  return { siteTables, sitesOf };
}
