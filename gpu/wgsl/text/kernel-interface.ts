// What a kernel asks of whoever runs it. Read from the syntax tree for kernels that anyone may have written (gpu/wgsl/parse), and from the
// text alone for the project's own, which a test holds equal.

export interface KernelInterface {
  entryPoint: string;
  workgroupSize: [number, number, number];
  /** What the entry point reaches, by group and binding. */
  used: KernelVariable[];
  /** All that the kernel declares. */
  declared: KernelVariable[];
  /** Workgroup memory that the entry point reaches, each variable rounded up to 16 bytes as WebGPU counts; undefined where it cannot be told. */
  workgroupBytes: number | undefined;
}

/** A variable behind a binding. */
export interface KernelVariable {
  group: number;
  binding: number;
  /** The WGSL variable. */
  name: string;
  /** handle: textures and samplers. */
  space: 'storage' | 'uniform' | 'handle';
  /** Storage buffers only; a uniform or handle is 'read'. */
  access: 'read' | 'write' | 'read_write';
  /** Type as written, blanks collapsed: `array<f32>`, `Params`. */
  type: string;
  /** Bytes that a buffer needs at least, an array without a length counting as one element; undefined where that cannot be told. */
  leastBytes?: number;
  /** The type of all its numbers, where it is one. */
  scalar?: 'f32' | 'u32' | 'i32';
}
