// WGSL text → compute pipeline, once per (text, entry point, override values, layout). Layouts are explicit: with 'auto', a
// binding that an entry point happens not to use would vanish and its buffer be refused.

import { EngineError } from '../../core/errors.ts';

interface BindingSlot {
  group: number;
  binding: number;
  type: GPUBufferBindingType;
}

export interface KernelText {
  /** Kernel file, for labels and errors. */
  file: string;
  wgsl: string;
  entryPoint: string;
  /** Values of `override` constants. */
  overrides?: Record<string, number>;
  slots: BindingSlot[];
  /** Baked constants, repeated in compile errors. */
  baked?: Record<string, number | boolean>;
}

export interface CompiledKernel {
  pipeline: GPUComputePipeline;
  /** By group number; groups without bindings have an empty layout. */
  layouts: GPUBindGroupLayout[];
}

const CACHED = 256;

export class PipelineCache {
  readonly #device: GPUDevice;
  readonly #compiled = new Map<string, Promise<CompiledKernel>>();
  #compilations = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Pipelines compiled so far; a cache hit does not count. */
  get compilations(): number {
    return this.#compilations;
  }

  /** @throws EngineError compile-failed with the position in `text.wgsl`, validation-failed */
  get(text: KernelText): Promise<CompiledKernel> {
    const key = JSON.stringify([text.entryPoint, text.overrides ?? {}, text.slots, text.wgsl]);
    let compiled = this.#compiled.get(key);
    if (compiled) {
      this.#compiled.delete(key); // moves to the end: the oldest unused goes first
    } else {
      this.#compilations++;
      compiled = compile(this.#device, text);
      compiled.catch(() => this.#compiled.delete(key));
    }
    this.#compiled.set(key, compiled);
    if (this.#compiled.size > CACHED) this.#compiled.delete(this.#compiled.keys().next().value!);
    return compiled;
  }

  /** @throws EngineError compile-failed with the position in `wgsl` */
  async requireCompiles(file: string, wgsl: string): Promise<void> {
    await compileModule(this.#device, { file, wgsl });
  }
}

async function compileModule(device: GPUDevice, text: Pick<KernelText, 'file' | 'wgsl' | 'baked'>) {
  const { file, wgsl } = text;
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: file, code: wgsl });
  const rejected = device.popErrorScope();
  const { messages } = await module.getCompilationInfo();
  const first = messages.find((message) => message.type === 'error');
  if (first) throw compileError(text, first);
  const moduleError = await rejected;
  if (moduleError) throw new EngineError('compile-failed', `${file}: ${moduleError.message}`, { field: file });
  return module;
}

async function compile(device: GPUDevice, text: KernelText): Promise<CompiledKernel> {
  const { file, entryPoint, overrides, slots } = text;
  const module = await compileModule(device, text);
  device.pushErrorScope('validation');
  const groups = 1 + Math.max(-1, ...slots.map((slot) => slot.group));
  const layouts = Array.from({ length: groups }, (_, group) =>
    device.createBindGroupLayout({
      label: `${file} group ${group}`,
      entries: slots
        .filter((slot) => slot.group === group)
        .map(({ binding, type }) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
    }),
  );
  const layout = device.createPipelineLayout({ label: file, bindGroupLayouts: layouts });
  const layoutError = device.popErrorScope();
  let pipeline: GPUComputePipeline;
  try {
    pipeline = await device.createComputePipelineAsync({
      label: `${file} ${entryPoint}`,
      layout,
      compute: { module, entryPoint, ...(overrides ? { constants: overrides } : {}) },
    });
  } catch (error) {
    const cause = (await layoutError)?.message ?? (error as Error).message;
    throw new EngineError('validation-failed', `${file}: ${cause}${constantsNote(text)}`, { field: file });
  }
  const invalid = await layoutError;
  if (invalid) throw new EngineError('validation-failed', `${file}: ${invalid.message}`, { field: file });
  return { pipeline, layouts };
}

function compileError(text: Pick<KernelText, 'file' | 'baked'>, message: GPUCompilationMessage): EngineError {
  const { lineNum: line, linePos: column } = message;
  return new EngineError('compile-failed', `${text.file}:${line}:${column}: ${message.message}${constantsNote(text)}`, {
    field: text.file,
    value: text.baked,
    line,
    column,
  });
}

function constantsNote({ baked }: Pick<KernelText, 'baked'>): string {
  const list = Object.entries(baked ?? {}).map(([name, value]) => `${name} = ${value}`);
  return list.length > 0 ? ` (with ${list.join(', ')})` : '';
}
