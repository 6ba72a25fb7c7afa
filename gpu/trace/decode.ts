// The words of the recorder buffer → plain columns for one dispatch.

import type { Instrumented, RecordingLayout } from '../wgsl/text/recorder-contract.ts';
import {
  counterOffset,
  HEADER,
  LOG_WORDS,
  PROBE_WORDS,
  SLOT_TICKET,
  slotLayout,
} from '../wgsl/text/recorder-layout.ts';

/** Steps of one dispatch in ticket order. Accesses of step i are rows accessStart[i] … accessStart[i + 1] − 1. */
export interface StepColumns {
  workgroup: Uint32Array;
  visit: Uint32Array;
  site: Uint32Array;
  ticket: Uint32Array;
  phase: Uint32Array;
  accessStart: Uint32Array;
  /** Index into the kernel's buffers. */
  buffer: Uint32Array;
  loads: Uint32Array;
  stores: Uint32Array;
  atomics: Uint32Array;
  loadBytes: Uint32Array;
  storeBytes: Uint32Array;
  first: Uint32Array;
  last: Uint32Array;
}

export interface DispatchRecording {
  /** Executions of each block counter; whole numbers, exact to 2⁵³. */
  counters: Float64Array;
  steps: StepColumns;
  /** Counts per word, for buffers whose map fitted. */
  touches: { variable: string; kind: 'load' | 'store'; counts: Uint32Array }[];
  /** 1 for each word that was touched and 0 for the others, for buffers whose words were marked and not counted. */
  marks: DispatchRecording['touches'];
  /** Parallel to the kernel's record lines. A column for each of its values, then for each of its coordinates. */
  records: { step: Uint32Array; invocation: Uint32Array; columns: Float32Array[] }[];
  log?: { step: Uint32Array; invocation: Uint32Array; buffer: Uint32Array; index: Uint32Array; kind: Uint32Array };
  stepsTruncated: boolean;
  probesTruncated: boolean;
  logTruncated: boolean;
  /** Accesses past the end, where there were some: of which of the kernel's watched places, in which workgroup, if they are counted apart. */
  past: { watched: number; workgroup?: number; count: number }[];
  /** Storage variables whose touch maps did not fit. */
  touchesOmitted: string[];
  /** Guarded kernels: a loop was cut short, so results and counts are not the kernel's. */
  loopBudgetExceeded: boolean;
  /** Hints for `planRecording` under which nothing would have been cut, if something was. */
  retry?: { stepCapacityHint?: number; probeWordsHint?: number; logRecordsHint?: number };
}

/**
 * Decodes a recorder buffer that was read back after one dispatch. Records and logs claim slots of the step table also where steps were
 * not asked for; those are no steps.
 */
export function readRecording(
  instrumented: Instrumented,
  layout: RecordingLayout,
  words: Uint32Array,
): DispatchRecording {
  const { accounting, buffers, options } = instrumented;
  const counters = new Float64Array(accounting.counters);
  const counterAt = counterOffset(buffers.length);
  for (let i = 0; i < counters.length; i++)
    counters[i] = words[counterAt + i]! + words[counterAt + counters.length + i]! * 2 ** 32;

  const { steps, slotToStep } = readSteps(instrumented, options.steps ? layout : { ...layout, stepCapacity: 0 }, words);
  const records = readRecords(instrumented, layout, words, slotToStep);
  const log = options.log ? readLog(layout, words, slotToStep) : undefined;

  const dropped = words[HEADER.droppedFlushes]!;
  const stepsTruncated = dropped > 0 || words[HEADER.droppedProbes]! > 0;
  const probeCursor = words[HEADER.probeCursor]!;
  const probesTruncated = probeCursor > layout.probeWords || words[HEADER.droppedProbes]! > 0;
  const logCursor = words[HEADER.logCursor]!;
  const logTruncated = logCursor > layout.logRecords;
  const invocations = instrumented.workgroupSize.reduce((product, n) => product * n, 1);
  const missing = Math.ceil(dropped / invocations);
  const retry = {
    ...(stepsTruncated && { stepCapacityHint: Math.max(2 * layout.stepCapacity, 2 * (steps.site.length + missing)) }),
    ...(probesTruncated && { probeWordsHint: Math.max(2 * layout.probeWords, probeCursor) }),
    ...(logTruncated && { logRecordsHint: logCursor }),
  };
  return {
    counters,
    steps,
    touches: layout.maps
      .filter(({ marked }) => !marked)
      .map(({ buffer, kind, offset, length }) => ({
        variable: buffers[buffer]!.variable,
        kind,
        counts: words.slice(offset, offset + length),
      })),
    marks: layout.maps
      .filter(({ marked }) => marked)
      .map(({ buffer, kind, offset, length }) => ({
        variable: buffers[buffer]!.variable,
        kind,
        counts: Uint32Array.from({ length }, (_, i) => (words[offset + (i >> 5)]! >>> (i & 31)) & 1),
      })),
    records,
    ...(log && { log }),
    stepsTruncated,
    probesTruncated,
    logTruncated,
    past: readPast(instrumented, layout, words),
    touchesOmitted: layout.omitted,
    loopBudgetExceeded: words[HEADER.loopBudgetExceeded] !== 0,
    ...(Object.keys(retry).length > 0 && { retry }),
  };
}

function readPast(
  { watched }: Instrumented,
  { header, pastRows }: RecordingLayout,
  words: Uint32Array,
): DispatchRecording['past'] {
  const found: DispatchRecording['past'] = [];
  const start = header[HEADER.pastOffset]!;
  for (let cell = 0; cell < pastRows * watched.length; cell++) {
    const count = words[start + cell]!;
    if (count === 0) continue;
    const workgroup = header[HEADER.pastStride] === 0 ? {} : { workgroup: Math.floor(cell / watched.length) };
    found.push({ watched: cell % watched.length, ...workgroup, count });
  }
  return found;
}

function readSteps({ uses, buffers }: Instrumented, layout: RecordingLayout, words: Uint32Array) {
  const slot = slotLayout(uses);
  const offset = layout.header[HEADER.stepOffset]!;
  const found: number[] = [];
  for (let i = 0; i < layout.stepCapacity; i++) {
    const at = offset + i * slot.words;
    // A slot abandoned half-claimed cannot be: whoever claimed a word went on to the last one.
    if (words[at + 2] !== 0) found.push(at);
  }
  const ticketOf = (at: number) => ~words[at + SLOT_TICKET]! >>> 0;
  found.sort((a, b) => ticketOf(a) - ticketOf(b));
  const slotToStep = new Map(found.map((at, step) => [at, step]));

  const n = found.length;
  const most = n * uses.length;
  const column = (length: number) => new Uint32Array(length);
  const steps: StepColumns = {
    workgroup: column(n),
    visit: column(n),
    site: column(n),
    ticket: column(n),
    phase: column(n),
    accessStart: column(n + 1),
    buffer: column(most),
    loads: column(most),
    stores: column(most),
    atomics: column(most),
    loadBytes: column(most),
    storeBytes: column(most),
    first: column(most),
    last: column(most),
  };
  const phases = new Map<number, number>();
  const fieldsOf = uses.map(({ buffer }) => slot.fields.filter((field) => field.buffer === buffer));
  let row = 0;
  found.forEach((at, step) => {
    const workgroup = words[at]! - 1;
    steps.workgroup[step] = workgroup;
    steps.visit[step] = words[at + 1]! - 1;
    steps.site[step] = words[at + 2]! - 1;
    steps.ticket[step] = ticketOf(at);
    const phase = phases.get(workgroup) ?? 0;
    steps.phase[step] = phase;
    phases.set(workgroup, phase + 1);
    uses.forEach(({ buffer, width }, use) => {
      const counts = { load: 0, store: 0, atomic: 0 };
      const bytes = { load: 0, store: 0, atomic: 0 };
      let first = 0;
      let last = 0;
      for (const { field, kind, word } of fieldsOf[use]!) {
        const value = words[at + word]!;
        if (field === 'count') {
          counts[kind!] = value;
          bytes[kind!] = value * (width[kind!] ?? 0);
        } else if (field === 'bytes') bytes[kind!] = value;
        else if (field === 'first') first = value === 0 ? 0 : ~value >>> 0;
        else last = value === 0 ? 0 : value - 1;
      }
      if (counts.load + counts.store + counts.atomic === 0) return;
      steps.buffer[row] = buffer;
      steps.loads[row] = counts.load;
      steps.stores[row] = counts.store;
      steps.atomics[row] = counts.atomic;
      steps.loadBytes[row] = bytes.load;
      steps.storeBytes[row] = bytes.store;
      steps.first[row] = buffers[buffer]!.space === 'storage' ? first : 0;
      steps.last[row] = buffers[buffer]!.space === 'storage' ? last : 0;
      row++;
    });
    steps.accessStart[step + 1] = row;
  });
  for (const key of ['buffer', 'loads', 'stores', 'atomics', 'loadBytes', 'storeBytes', 'first', 'last'] as const)
    steps[key] = steps[key].slice(0, row);
  return { steps, slotToStep };
}

function readRecords(
  { records }: Instrumented,
  layout: RecordingLayout,
  words: Uint32Array,
  slotToStep: ReadonlyMap<number, number>,
): DispatchRecording['records'] {
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length);
  const rows: { step: number; invocation: number; at: number }[][] = records.map(() => []);
  const widths = records.map(({ values, at }) => values.length + at.length);
  const start = layout.header[HEADER.probeOffset]!;
  const end = start + Math.min(words[HEADER.probeCursor]!, layout.probeWords);
  for (let at = start; at < end; ) {
    const marker = words[at]! - 1;
    const width = widths[marker];
    if (width === undefined) break; // a record that no longer fitted: nothing follows
    rows[marker]!.push({
      step: slotToStep.get(words[at + 1]!) ?? NO_STEP,
      invocation: words[at + 2]!,
      at: at + PROBE_WORDS,
    });
    at += PROBE_WORDS + width;
  }
  return rows.map((list, marker) => {
    list.sort((a, b) => a.step - b.step || a.invocation - b.invocation);
    return {
      step: Uint32Array.from(list, (row) => row.step),
      invocation: Uint32Array.from(list, (row) => row.invocation),
      columns: Array.from({ length: widths[marker]! }, (_, i) => Float32Array.from(list, (row) => floats[row.at + i]!)),
    };
  });
}

/** In `log.step`: the access happened in a step that found no room in the table. Here and in records: no steps were recorded. */
export const NO_STEP = 0xffffffff;

function readLog(layout: RecordingLayout, words: Uint32Array, slotToStep: ReadonlyMap<number, number>) {
  const n = Math.min(words[HEADER.logCursor]!, layout.logRecords);
  const start = layout.header[HEADER.logOffset]!;
  const column = (word: number, map: (value: number) => number = (value) => value) =>
    Uint32Array.from({ length: n }, (_, i) => map(words[start + i * LOG_WORDS + word]!));
  return {
    step: column(0, (slot) => slotToStep.get(slot) ?? NO_STEP),
    invocation: column(1),
    buffer: column(2),
    index: column(3),
    kind: column(4),
  };
}
