// A Trace is an immutable recording of one run. `columns` holds it as flat arrays; `steps` is a lazy view over them.

/**
 * What to record. `trace: true` means steps, touches and probes, up to `maxBytes`. A key that is left out stays as it is there: steps,
 * touches and probes on, log off. `{ steps: false }` gives no steps; probes and log records then have no step either. Unknown keys
 * and values of another kind are refused (bad-input).
 */
export interface TraceOptions {
  steps?: boolean;
  /** Per-word load and store counts of every storage buffer. */
  touches?: boolean;
  /** Values at `//: probe` markers: of all invocations, or only of these global invocation indices (integers ≥ 0). */
  probes?: boolean | number[];
  /** Values at `//: detail` markers too (every score, say): off unless asked for, and only where `probes` are on. */
  details?: boolean;
  /** Every single access; small runs only. */
  log?: boolean;
  /** Bound on the recorder's device memory, bytes; 64 MiB by default. */
  maxBytes?: number;
}

/** A part of a trace that `maxBytes` may have no room for; 'records' are the values that kernels put on record. */
export type TraceCut = 'steps' | 'records' | 'touches' | 'log';

export interface TraceBuffer {
  /** Storage: the plan's buffer (or the KernelSpec binding's) name. Workgroup: the WGSL variable, `kernel:variable` if ambiguous. */
  name: string;
  space: 'storage' | 'workgroup';
  elementBytes: number;
  /** Elements. */
  length: number;
}

/** Exact counts over all dispatches and invocations; whole even when steps were truncated. */
export interface BufferTotals {
  buffer: string;
  loads: number;
  stores: number;
  atomics: number;
  loadBytes: number;
  storeBytes: number;
  /**
   * Distinct 4-byte words, over all dispatches; 0 for workgroup memory. NaN where `maxBytes` has no room for a bit for each word; the
   * trace is truncated then.
   */
  uniqueLoaded: number;
  uniqueStored: number;
}

/** Of single f32 and f16 numbers, a vector’s each by itself: fma = 1 multiply + 1 add, exp/log/sqrt/tanh … = 1 special, integers cost nothing. */
export interface Operations {
  multiply: number;
  add: number;
  divide: number;
  compare: number;
  special: number;
}

export interface StepAccess {
  /** Index into `Trace.buffers`. */
  buffer: number;
  loads: number;
  stores: number;
  atomics?: number;
  /** Exact, also where accesses of different width mix. */
  loadBytes?: number;
  storeBytes?: number;
  /** Lowest and highest 4-byte word touched; a hint, never a footprint. */
  first: number;
  last: number;
}

/** One (dispatch, workgroup, site, visit): what a workgroup did between two flush points. */
export interface Step {
  dispatch: number;
  /** Linear workgroup index, x fastest. */
  workgroup: number;
  /** Number of this step among its workgroup's, by ticket. */
  phase: number;
  /** Static flush point in the kernel: index into the kernel's site table. */
  site: number;
  /** How often the flushing invocations had passed this site before. */
  visit: number;
  /** Lowest ticket any lane took: the order in which the run was recorded. */
  ticket: number;
  /** Inclusive 1-based line ranges of the source this step covers. */
  lines: [number, number][];
  /** Marker name (`//: name`), absent for a bare barrier or exit. */
  name?: string;
  accesses: StepAccess[];
}

export interface LineCount {
  kernel: string;
  /** 1-based line of the kernel as it was compiled before instrumentation. */
  line: number;
  executions: number;
  loads: number;
  stores: number;
}

/**
 * What one `//: record a b at x y` line of a kernel put on record: its values together, with the axes' coordinates they belong to. One
 * table a line, never split by name; all dispatches of the kernel in it.
 */
export interface RecordTable {
  kernel: string;
  /** 1-based line of the marker. */
  line: number;
  /**
   * Names of the values; a vector's components stand apart: `v.x`, `v.y` … Where they run along an axis their names say so: `h[state+3]` is
   * h, three further along `state` than the row's own coordinate on it, or than 0 where it has none.
   */
  values: string[];
  /** Names of the axes whose coordinates were recorded with them. */
  at: string[];
  /** Index into `steps`, ascending; 0xffffffff where no steps were recorded. */
  step: Uint32Array;
  /** Global invocation index (workgroup · size + local). */
  invocation: Uint32Array;
  /** One column for each of `values`, then one for each of `at` (whole numbers, exact up to 2²⁴); parallel to `step`. */
  columns: Float32Array[];
}

/** Accesses that an index out of range led past the end of what it indexes; WGSL's implementations put them at its last element or drop them. */
export interface OutOfBounds {
  /** Index into `Trace.dispatches`. */
  dispatch: number;
  /** Linear workgroup index; absent where there are too many workgroups to be counted apart. */
  workgroup?: number;
  buffer: string;
  /** 1-based line of the dispatch's kernel. */
  line: number;
  loads: number;
  stores: number;
  atomics: number;
}

export interface Trace {
  buffers: TraceBuffer[];
  totals: BufferTotals[];
  operations: Operations;
  /** `//: count name` → how often it was passed. */
  events: Record<string, number>;
  dispatches: {
    kernel: string;
    workgroups: [number, number, number];
    workgroupSize: [number, number, number];
    /** Where this dispatch's steps come from: named markers, barriers, or, for foreign kernels, loop iterations or exits only. */
    stepSource: 'markers' | 'barriers' | 'loop' | 'workgroup';
  }[];
  lines: LineCount[];
  /**
   * By dispatch, workgroup, buffer and line: empty where every access of a storage buffer or workgroup array was within it. An access counts
   * once, however many of its indexes are out of range. Private and function memory are not watched. Absent in recordings of before.
   */
  outOfBounds?: OutOfBounds[];
  columns: Record<string, Uint32Array | Float32Array>;
  steps: ReadonlyArray<Step>;
  touches?: { buffer: string; loads: Uint32Array; stores: Uint32Array }[];
  /** One table for each `//: record` line of the kernels that ran. */
  records?: RecordTable[];
  /** One entry per recorded variable, as the kernels write it, over all lines: a view of `records`. `step` indexes `steps`, 0xffffffff where none were recorded; `invocation` is the global invocation index (workgroup · size + local). */
  probes?: { name: string; step: Uint32Array; invocation: Uint32Array; values: Float32Array }[];
  /**
   * Every access. Within an invocation in the order in which addresses are evaluated (a store's before the loads of its right
   * side); those without a dynamic index come where their stretch of code begins. kind: 0 load, 1 store, 2 atomic. index: 4-byte
   * word. step: 0xffffffff when the step table was full, or steps were not recorded.
   */
  log?: { step: Uint32Array; invocation: Uint32Array; buffer: Uint32Array; index: Uint32Array; kind: Uint32Array };
  /** Kernel → its text as it was compiled before instrumentation. */
  sources?: Record<string, string>;
  /** Traced outputs equal the plain run's, bit for bit. */
  matchesPlain: boolean;
  /** If they do not: by how much at most. */
  largestDifference?: number;
  truncated: boolean;
  /** Which parts are not whole, where it is truncated; absent where all are, and in recordings of before, which do not say. */
  cut?: readonly TraceCut[];
}
