// A Plan is plain data: which buffers, which dispatches, in which order. It holds no GPU object, so it can be printed, costed,
// drawn and tested without a device. `gpu/runtime` is its only executor.

import type { DType } from '../core/tensor.ts';

export interface BufferSpec {
  name: string;
  dtype: DType;
  /** Names of the dimensions, one for each extent of `shape`. Within a plan an axis has one extent, whichever tensor has it. */
  axes?: readonly string[];
  /** Row-major. A zero extent is allowed; the device buffer then has 4 bytes. */
  shape: number[];
  /** input: filled by the caller. output: read back. state: lives as long as the Session. scratch: neither. */
  role: 'input' | 'output' | 'state' | 'scratch';
  /**
   * What the buffer holds before a run. 'poison' = NaN pattern, so an unwritten word is seen. A list is constant data that the
   * plan itself derives from the config (sequence extents, say); then role is 'input' and the caller need not give it.
   */
  init?: 'poison' | 'zero' | number | readonly number[];
  /**
   * This tensor is a stretch of another buffer of the plan, from element `at` on. Inputs are uploaded there and outputs read from
   * there; kernels bind only that buffer. Lets small tensors share one of the few storage bindings, and gives a tensor that a
   * kernel updates in place one name before and one after.
   */
  within?: { buffer: string; at: number };
  /** Name of a number of the run (`Runtime`): that many rows of the first axis are read back, of those that `shape` has room for. */
  extent?: string;
  /** At read-back, words equal to `from` become `to` (WGSL has no dependable infinity: lse's −∞ is made here). */
  sentinel?: { from: number; to: number };
}

export type Workgroups = [number, number, number];

/** One workgroup for each `per` of a number that a run says, a begun one too. */
export interface Share {
  of: string;
  per: number;
}

/** What follows from numbers that a run is given by name (`Session.run(part, { params })`), so that one plan serves every length. */
export interface Runtime {
  /** Member of Params → name of the number. */
  params?: Readonly<Record<string, string>>;
  /** Along each axis; null where it stays as planned. */
  workgroups?: readonly [Share | null, Share | null, Share | null];
}

export interface PassSpec {
  /** File name of the kernel, a key of the variant's `kernels`. */
  kernel: string;
  entryPoint?: string;
  /** Values baked into the kernel's `@tune`, `@shape` and `@flag` constants, by name. */
  constants: Record<string, number | boolean>;
  /** WGSL variable of group 0 → name of a BufferSpec. The uniform `params` is not listed: see `params`. */
  bindings: Record<string, string>;
  /** Members of the kernel's `struct Params` (4-byte scalars), by name. */
  params: Record<string, number>;
  workgroups: Workgroups | { indirect: string; offset: number; max: Workgroups };
  /** Without it, and for a number that a run does not say, `params` and `workgroups` hold. */
  runtime?: Runtime;
}

export interface Plan {
  buffers: BufferSpec[];
  passes: PassSpec[];
  /** Named sub-sequences of passes, as indices into `passes`; without it the whole list is the part 'run'. */
  parts?: Record<string, number[]>;
  /** False when running twice without re-initialising the buffers gives another result. */
  idempotent: boolean;
}
