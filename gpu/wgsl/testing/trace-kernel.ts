// A bare WebGPU harness for recorder tests: runs a kernel plain and traced on the same inputs. Test code only; the engine has the
// real executor.

import { assembleTrace } from '../../trace/assemble.ts';
import { type DispatchRecording, readRecording } from '../../trace/decode.ts';
import type { RecordedTrace } from '../../trace/recorded-trace.ts';
import { planRecording, type RecordingRequest } from '../../trace/recording-layout.ts';
import { parseModule } from '../parse/parse.ts';
import { kernelInterface } from '../parse/read-kernel.ts';
import { instrument } from '../recorder/instrument.ts';
import type { KernelVariable } from '../text/kernel-interface.ts';
import type { Instrumented, InstrumentOptions } from '../text/recorder-contract.ts';

export interface TestKernel {
  wgsl: string;
  entryPoint?: string;
  constants?: Record<string, number>;
  workgroups: [number, number, number];
  /** Contents by variable; every binding the entry point reaches must be given. */
  data: Record<string, ArrayBufferView>;
}

export interface TestRun {
  outputs: Record<string, Uint32Array>;
  recorder?: Uint32Array;
}

export async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) throw new Error('this test needs WebGPU, and no adapter was obtained');
  const device = await adapter.requestDevice({
    requiredLimits: { maxStorageBuffersPerShaderStage: adapter.limits.maxStorageBuffersPerShaderStage },
  });
  return device;
}

/** Runs one dispatch; `recorder` is the extra buffer's place and first contents. */
export async function runDispatch(
  device: GPUDevice,
  kernel: TestKernel,
  code: string,
  recorder?: { group: number; binding: number; byteLength: number; header: Uint32Array },
): Promise<TestRun> {
  device.pushErrorScope('validation');
  const { used: bindings } = kernelInterface(parseModule(kernel.wgsl, kernel.constants), kernel.entryPoint);
  const module = device.createShaderModule({ code });
  const messages = (await module.getCompilationInfo()).messages.filter(({ type }) => type === 'error');
  if (messages.length > 0)
    throw new Error(`${messages.map((each) => `${each.lineNum}: ${each.message}`).join('\n')}\n${code}`);
  const buffers = new Map<KernelVariable, GPUBuffer>();
  for (const binding of bindings) {
    const data = kernel.data[binding.name];
    if (!data) throw new Error(`no data for ${binding.name}`);
    buffers.set(binding, fill(device, data, binding.space === 'uniform'));
  }
  const recorderBuffer = recorder && fill(device, headed(recorder.byteLength, recorder.header), false);
  const groups = new Set([...bindings.map(({ group }) => group), ...(recorder ? [recorder.group] : [])]);
  const layouts: GPUBindGroupLayout[] = [];
  const sets: GPUBindGroup[] = [];
  for (let group = 0; group <= Math.max(...groups); group++) {
    const entries = bindings
      .filter((each) => each.group === group)
      .map((each) => ({
        binding: each.binding,
        type: each.space === 'uniform' ? 'uniform' : each.access === 'read' ? 'read-only-storage' : 'storage',
        buffer: buffers.get(each)!,
      }));
    if (recorder?.group === group)
      entries.push({ binding: recorder.binding, type: 'storage', buffer: recorderBuffer! });
    const layout = device.createBindGroupLayout({
      entries: entries.map(({ binding, type }) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: type as GPUBufferBindingType },
      })),
    });
    layouts.push(layout);
    sets.push(
      device.createBindGroup({
        layout,
        entries: entries.map(({ binding, buffer }) => ({ binding, resource: { buffer } })),
      }),
    );
  }
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: layouts }),
    compute: {
      module,
      ...(kernel.entryPoint && { entryPoint: kernel.entryPoint }),
      ...(kernel.constants && { constants: kernel.constants }),
    },
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  sets.forEach((set, group) => {
    pass.setBindGroup(group, set);
  });
  pass.dispatchWorkgroups(...kernel.workgroups);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const outputs: TestRun['outputs'] = {};
  for (const [binding, buffer] of buffers)
    if (binding.access !== 'read') outputs[binding.name] = await read(device, buffer);
  const words = recorderBuffer && (await read(device, recorderBuffer));
  for (const buffer of [...buffers.values(), ...(recorderBuffer ? [recorderBuffer] : [])]) buffer.destroy();
  const error = await device.popErrorScope();
  if (error) throw new Error(`${error.message}\n${code}`);
  return { outputs, ...(words && { recorder: words }) };
}

export interface TracedKernel {
  plain: TestRun['outputs'];
  traced: TestRun['outputs'];
  instrumented: Instrumented;
  recording: DispatchRecording;
  trace: RecordedTrace;
}

/** Runs the kernel plain and traced. */
export async function traceKernel(
  device: GPUDevice,
  kernel: TestKernel,
  options: Partial<InstrumentOptions> & Partial<Pick<RecordingRequest, 'maxBytes' | 'stepCapacityHint'>> = {},
): Promise<TracedKernel> {
  const { maxBytes = 64 << 20, stepCapacityHint, ...rest } = options;
  const plain = await runDispatch(device, kernel, kernel.wgsl);
  const instrumented = instrument(kernel.wgsl, {
    steps: true,
    touches: true,
    log: false,
    probes: true,
    ...(kernel.entryPoint && { entryPoint: kernel.entryPoint }),
    ...(kernel.constants && { constants: kernel.constants }),
    ...rest,
  });
  const bindingBytes = Object.fromEntries(Object.entries(kernel.data).map(([name, data]) => [name, data.byteLength]));
  const layout = planRecording(instrumented, {
    workgroups: kernel.workgroups,
    bindingBytes,
    maxBytes,
    ...(stepCapacityHint !== undefined && { stepCapacityHint }),
  });
  const run = await runDispatch(device, kernel, instrumented.wgsl, { ...instrumented.recorder, ...layout });
  const recording = readRecording(instrumented, layout, run.recorder!);
  const lengths = Object.fromEntries(
    instrumented.buffers.map(({ variable, elementBytes }) => [variable, (bindingBytes[variable] ?? 0) / elementBytes]),
  );
  const trace = assembleTrace([
    {
      recording,
      instrumented,
      kernel: 'kernel.wgsl',
      source: kernel.wgsl,
      workgroups: kernel.workgroups,
      names: {},
      lengths,
    },
  ]);
  return { plain: plain.outputs, traced: run.outputs, instrumented, recording, trace };
}

function headed(byteLength: number, header: Uint32Array): Uint32Array {
  const words = new Uint32Array(byteLength / 4);
  words.set(header);
  return words;
}

function fill(device: GPUDevice, data: ArrayBufferView, uniform: boolean): GPUBuffer {
  const buffer = device.createBuffer({
    size: Math.max(4, Math.ceil(data.byteLength / 4) * 4),
    usage:
      (uniform ? GPUBufferUsage.UNIFORM : GPUBufferUsage.STORAGE) | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
  device.queue.writeBuffer(buffer, 0, data as BufferSource & ArrayBufferView<ArrayBuffer>);
  return buffer;
}

async function read(device: GPUDevice, buffer: GPUBuffer): Promise<Uint32Array> {
  const staging = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const words = new Uint32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return words;
}
