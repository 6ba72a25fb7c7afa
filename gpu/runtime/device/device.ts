// Asking the browser for a device with the limits and features its adapter really has, and noticing when it is lost.

import { EngineError } from '../../core/errors.ts';
import type { AdapterFacts, EngineOptions } from '../api.ts';
import { adapterFacts } from './adapter-facts.ts';
import { BufferPool } from './buffers.ts';
import { abortedBy } from './cancel.ts';
import { PipelineCache } from './pipelines.ts';

/** Limits asked for at the adapter's own value; the rest stays at WebGPU's defaults. */
const RAISED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxUniformBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxBindingsPerBindGroup',
  'maxBindGroups',
] as const;

const WANTED_FEATURES: readonly string[] = ['timestamp-query', 'shader-f16', 'subgroups'];

/** A device and all that lives and dies with it. */
export class DeviceContext {
  readonly buffers: BufferPool;
  readonly pipelines: PipelineCache;
  /** Why the device was lost; undefined while it works. */
  lostBecause?: string;
  readonly #whenLost: Promise<never>;
  #destroyed = false;

  constructor(
    readonly device: GPUDevice,
    readonly facts: AdapterFacts,
  ) {
    this.buffers = new BufferPool(device);
    this.pipelines = new PipelineCache(device);
    this.#whenLost = device.lost.then(({ reason, message }) => {
      this.lostBecause = message || reason || 'unknown reason';
      throw this.lostError();
    });
    this.#whenLost.catch(() => {});
  }

  lostError(): EngineError {
    if (this.#destroyed) return new EngineError('disposed', 'the engine was disposed');
    return new EngineError('device-lost', `the GPU device was lost: ${this.lostBecause}`);
  }

  /** Settles as `work` does, or rejects as soon as the device is lost. @throws EngineError device-lost */
  async alive<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {}); // whoever loses the race below is nobody's business any more
    if (this.lostBecause !== undefined) throw this.lostError();
    try {
      return await Promise.race([work, this.#whenLost]);
    } catch (error) {
      // A lost device also fails its own promises, in no fixed order with `lost`: give that one a moment to arrive.
      if (error instanceof DOMException) await Promise.race([this.#whenLost, delay(20)]);
      throw error;
    }
  }

  destroy(): void {
    this.#destroyed = true;
    this.lostBecause ??= 'it was given back';
    this.buffers.destroy();
    this.device.destroy();
  }
}

/**
 * Opens the adapter's device.
 *
 * @throws EngineError no-webgpu, no-adapter, aborted, device-lost
 */
export async function openDevice(options: EngineOptions = {}): Promise<DeviceContext> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) throw new EngineError('no-webgpu', 'this browser does not offer WebGPU');
  const { powerPreference, signal } = options;
  const adapter = await gpu.requestAdapter(powerPreference ? { powerPreference } : {});
  if (!adapter) throw new EngineError('no-adapter', 'WebGPU is there, but no graphics adapter was found for it');
  if (signal?.aborted) throw abortedBy(signal, 'opening the engine');
  const requiredLimits: Record<string, number> = {};
  for (const name of RAISED_LIMITS) {
    // Older browsers lack some of the names.
    const limit: number | undefined = adapter.limits[name];
    if (limit !== undefined) requiredLimits[name] = limit;
  }
  const requiredFeatures = [...adapter.features].filter((name) => WANTED_FEATURES.includes(name)) as GPUFeatureName[];
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({ label: 'tilescope', requiredFeatures, requiredLimits });
  } catch (error) {
    throw new EngineError('device-lost', `the adapter gave no device: ${(error as Error).message}`);
  }
  return new DeviceContext(device, await adapterFacts(adapter, device));
}

/**
 * Runs `build` under error scopes and turns what they catch into a thrown error.
 *
 * @throws EngineError validation-failed, out-of-memory, internal
 */
export async function scoped<T>(device: GPUDevice, what: string, build: () => T): Promise<T> {
  const filters = ['internal', 'out-of-memory', 'validation'] as const;
  for (const filter of filters) device.pushErrorScope(filter);
  let value: T;
  const popped: Promise<GPUError | null>[] = [];
  try {
    value = build();
  } finally {
    for (const _ of filters) popped.push(device.popErrorScope());
  }
  const [validation, memory, internal] = await Promise.all(popped);
  if (validation) throw new EngineError('validation-failed', `${what}: ${validation.message}`, { field: what });
  if (memory)
    throw new EngineError('out-of-memory', `${what}: ${memory.message || 'not enough memory'}`, { field: what });
  if (internal) throw new EngineError('internal', `${what}: ${internal.message}`, { field: what });
  return value;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
