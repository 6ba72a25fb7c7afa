// What the recorder (instrument.ts) promises the runtime. One instrumented kernel has one extra storage buffer; the runtime sizes
// and fills it with `planRecording`, runs the dispatch, reads it back and hands the words to `readRecording` (gpu/trace).

import type { Operations, TraceBuffer, TraceOptions } from '../../trace/trace.ts';

export type AccessKind = 'load' | 'store' | 'atomic';

/** Block counter (or, negative, −1 − index into `Accounting.calls`) → coefficient. */
export type CountData = [counter: number, coefficient: number][];

/** What one execution of each block does, so that totals, lines and operations follow from the block counters alone. */
export interface Accounting {
  /** Block counters kept in the recorder buffer. */
  counters: number;
  /** For each function instance, the counts of its call sites. */
  calls: CountData[][];
  accesses: {
    /** Index into `Instrumented.buffers`. */
    buffer: number;
    kind: 'load' | 'store' | 'atomic';
    /** Of one access. */
    bytes: number;
    line: number;
    count: CountData;
    /** Equal sites. */
    times: number;
  }[];
  operations: { cost: Partial<Operations>; count: CountData; times: number }[];
  /** Every line with something on it. It ran as often as its most frequent part; a part, as often as in all instances of its function. */
  lines: { line: number; counts: CountData[] }[];
  events: { name: string; count: CountData; times: number }[];
}

export interface InstrumentOptions extends Required<Pick<TraceOptions, 'steps' | 'touches' | 'log'>> {
  /** `//: detail` lines too; only where `probes` are on. */
  details?: boolean;
  entryPoint?: string;
  probes: boolean | number[];
  /** Values of `override` constants, where the kernel has some. */
  constants?: Record<string, number>;
  /** Storage variables of which only the words that were touched are marked, a bit each; all of them where touches are off. */
  marked?: readonly string[];
  /** Also guard loops: the most iterations an invocation may spend. See guard.ts. */
  loopBudget?: number;
}

export interface Edit {
  /** Offset in the original source at which `text` was inserted. */
  offset: number;
  text: string;
}

/** One buffer the kernel can access, as the kernel's source knows it. */
export interface KernelBuffer {
  /** WGSL variable. */
  variable: string;
  space: TraceBuffer['space'];
  elementBytes: number;
  /** Elements of a workgroup array; 0 for runtime-sized storage, whose length the runtime knows. */
  length: number;
  group?: number;
  binding?: number;
}

/** What a kernel does to one buffer, as far as a step's record depends on it. */
export interface BufferUse {
  /** Index into `Instrumented.buffers`. */
  buffer: number;
  kinds: ('load' | 'store' | 'atomic')[];
  /** Kinds whose access sites differ in width: bytes are then counted beside accesses. */
  mixed: ('load' | 'store' | 'atomic')[];
  /** Bytes of one access, for kinds that are not mixed. */
  width: Partial<Record<'load' | 'store' | 'atomic', number>>;
  /** First and last word are kept. */
  span: boolean;
}

/** A static flush point. */
export interface Site {
  /** Marker name, if the flush point is a `//: name`. */
  name?: string;
  /** Site 0 is the entry. A step is named after the flush point that started it. */
  kind: 'entry' | 'barrier' | 'marker' | 'loop' | 'exit';
  /** Inclusive 1-based line ranges of the code that can run between this flush point and the next. */
  lines: [number, number][];
}

export interface Instrumented {
  wgsl: string;
  /** All insertions; removing them gives the source back byte for byte. */
  edits: Edit[];
  entryPoint: string;
  workgroupSize: [number, number, number];
  /** Where the recorder's storage buffer sits. */
  recorder: { group: number; binding: number };
  /** New names by old ones, where the pipeline has to ask for them: the kernel gave names that inserted text needs another meaning. */
  renamed?: Record<string, string>;
  buffers: KernelBuffer[];
  sites: Site[];
  stepSource: 'markers' | 'barriers' | 'loop' | 'workgroup';
  /**
   * Its record lines. Recorded are all of `values`, then all of `at`; `written` has them in that order as the kernel writes them: `n` for
   * `state=n`, `h0.x` for the first of `h[state]=h0`.
   */
  records: { line: number; values: string[]; at: string[]; written: string[] }[];
  events: string[];
  options: InstrumentOptions;
  accounting: Accounting;
  /** How each buffer is accessed; decides the words of a step's slot. */
  uses: BufferUse[];
  /** What is watched for accesses past the end, by line: what may go astray. */
  watched: WatchedPlace[];
}

/** The accesses of one line to one buffer whose address is only known where the code runs. */
export interface WatchedPlace {
  /** Index into `Instrumented.buffers`. */
  buffer: number;
  line: number;
  /** What one evaluation of an index stands for: a load and a store where it is `x[i] += 1`. */
  kinds: AccessKind[];
}

export interface RecordingLayout {
  byteLength: number;
  /** Words to write at the start of the (otherwise zeroed) recorder buffer. */
  header: Uint32Array;
  /** Steps the table can hold. */
  stepCapacity: number;
  /** Words for what record lines write, and records the log can hold. */
  probeWords: number;
  logRecords: number;
  /** Where the touch maps are: word offset and length; a count or, `marked`, a bit for each word of the buffer. */
  maps: { buffer: number; kind: 'load' | 'store'; offset: number; length: number; marked: boolean }[];
  /** Storage variables whose touch maps did not fit. */
  omitted: string[];
  /** Workgroups that have counts of accesses past the end by themselves; 1 where they share them. */
  pastRows: number;
}
