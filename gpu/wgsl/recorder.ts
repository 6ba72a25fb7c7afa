// What the recorder (instrument.ts) promises the runtime. One instrumented kernel has one extra storage buffer; the runtime sizes
// and fills it with `planRecording`, runs the dispatch, reads it back and hands the words to `readRecording` (gpu/trace).

import type { TraceBuffer, TraceOptions } from '../trace/trace.ts';

export interface InstrumentOptions extends Required<Pick<TraceOptions, 'steps' | 'touches' | 'log'>> {
  entryPoint?: string;
  probes: boolean | number[];
  /** Values of `override` constants, where the kernel has some. */
  constants?: Record<string, number>;
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

/** A static flush point. */
export interface Site {
  /** Marker name, if the flush point is a `//: name`. */
  name?: string;
  kind: 'barrier' | 'marker' | 'loop' | 'exit';
  /** Inclusive 1-based line ranges of code whose accesses are flushed here. */
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
  buffers: KernelBuffer[];
  sites: Site[];
  stepSource: 'markers' | 'barriers' | 'loop' | 'workgroup';
  probes: { name: string; values: string[] }[];
  events: string[];
  options: InstrumentOptions;
}

export interface RecordingLayout {
  byteLength: number;
  /** Words to write at the start of the (otherwise zeroed) recorder buffer. */
  header: Uint32Array;
  /** Steps the table can hold. */
  stepCapacity: number;
}
