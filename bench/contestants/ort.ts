// ONNX Runtime Web: a graph of standard operators on its WebGPU and on its WebAssembly provider, and its fused MultiHeadAttention.

import * as ort from 'onnxruntime-web/webgpu';
import type { Contestant, Entry } from '../contestant.ts';
import { type OnnxGraph, onnxModel } from '../onnx-model.ts';
import { LAYERNORM_EPSILON, type Problem } from '../problem.ts';

ort.env.wasm.wasmPaths = new URL('/node_modules/onnxruntime-web/dist/', location.href).href;
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

function attentionGraph({ shape, causal }: Problem): OnnxGraph {
  const [n, , headDim] = shape as [number, number, number];
  const mask = Float32Array.from({ length: n * n }, (_, at) => (at % n > Math.floor(at / n) ? -1e30 : 0));
  return {
    inputs: { q: shape, k: shape, v: shape },
    outputs: { y: shape },
    constants: {
      scale: { shape: [1], data: Float32Array.of(1 / Math.sqrt(headDim)) },
      ...(causal ? { mask: { shape: [1, n, n], data: mask } } : {}),
    },
    nodes: [
      { op: 'Transpose', inputs: ['q'], outputs: ['qh'], attributes: { perm: [1, 0, 2] } },
      { op: 'Transpose', inputs: ['k'], outputs: ['kt'], attributes: { perm: [1, 2, 0] } },
      { op: 'Transpose', inputs: ['v'], outputs: ['vh'], attributes: { perm: [1, 0, 2] } },
      { op: 'MatMul', inputs: ['qh', 'kt'], outputs: ['products'] },
      { op: 'Mul', inputs: ['products', 'scale'], outputs: ['scaled'] },
      ...(causal ? [{ op: 'Add', inputs: ['scaled', 'mask'], outputs: ['scores'] }] : []),
      { op: 'Softmax', inputs: [causal ? 'scores' : 'scaled'], outputs: ['weights'], attributes: { axis: -1 } },
      { op: 'MatMul', inputs: ['weights', 'vh'], outputs: ['oh'] },
      { op: 'Transpose', inputs: ['oh'], outputs: ['y'], attributes: { perm: [1, 0, 2] } },
    ],
  };
}

function graphOf(problem: Problem): OnnxGraph {
  const { kind, shape } = problem;
  const like = { inputs: { x: shape }, outputs: { y: shape } };
  switch (kind) {
    case 'attention':
      return attentionGraph(problem);
    case 'gemm': {
      const [m, k, n] = shape as [number, number, number];
      const nodes = [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['y'] }];
      return { inputs: { a: [m, k], b: [k, n] }, outputs: { y: [m, n] }, nodes };
    }
    case 'prefix-sum':
      return {
        ...like,
        constants: { axis: { shape: [], data: BigInt64Array.of(0n) } },
        nodes: [{ op: 'CumSum', inputs: ['x', 'axis'], outputs: ['y'] }],
      };
    case 'softmax':
      return { ...like, nodes: [{ op: 'Softmax', inputs: ['x'], outputs: ['y'], attributes: { axis: -1 } }] };
    case 'layernorm':
      return {
        inputs: { x: shape, scale: [shape[1]!], bias: [shape[1]!] },
        outputs: { y: shape },
        nodes: [
          {
            op: 'LayerNormalization',
            inputs: ['x', 'scale', 'bias'],
            outputs: ['y'],
            attributes: { axis: -1, epsilon: LAYERNORM_EPSILON },
            floats: ['epsilon'],
          },
        ],
      };
  }
}

/** com.microsoft MultiHeadAttention takes [batch, n, heads · headDim]. */
function fusedGraph({ kind, shape, causal }: Problem): OnnxGraph | undefined {
  if (kind !== 'attention') return undefined;
  const [n, heads, headDim] = shape as [number, number, number];
  const three = [1, n, heads * headDim];
  return {
    inputs: { q: three, k: three, v: three },
    outputs: { y: three },
    nodes: [
      {
        op: 'MultiHeadAttention',
        domain: 'com.microsoft',
        inputs: ['q', 'k', 'v'],
        outputs: ['y'],
        attributes: { num_heads: heads, ...(causal ? { unidirectional: 1 } : {}) },
      },
    ],
  };
}

async function enter(
  problem: Problem,
  graph: OnnxGraph | undefined,
  provider: 'webgpu' | 'wasm',
): Promise<Entry | undefined> {
  if (!graph) return undefined;
  const onDevice = provider === 'webgpu';
  const session = await ort.InferenceSession.create(onnxModel(graph), {
    executionProviders: [provider],
    preferredOutputLocation: onDevice ? 'gpu-buffer' : 'cpu',
  });
  const device = onDevice ? ((await ort.env.webgpu.device) as GPUDevice) : undefined;
  const buffers: GPUBuffer[] = [];
  const feeds: Record<string, ort.Tensor> = {};
  for (const [name, dims] of Object.entries(graph.inputs)) {
    const data = problem.inputs[name]!;
    if (!device) {
      feeds[name] = new ort.Tensor('float32', data, dims);
      continue;
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const gpuBuffer = device.createBuffer({ size: data.byteLength, usage });
    device.queue.writeBuffer(gpuBuffer, 0, data);
    buffers.push(gpuBuffer);
    feeds[name] = ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: 'float32', dims });
  }
  return {
    async run(times) {
      for (let time = 0; time < times; time++) (await session.run(feeds)).y!.dispose();
      await device?.queue.onSubmittedWorkDone();
    },
    async read() {
      const { y } = await session.run(feeds);
      const data = (await y!.getData()) as Float32Array;
      y!.dispose();
      return data;
    },
    async dispose() {
      await session.release();
      for (const buffer of buffers) buffer.destroy();
    },
  };
}

/** The device goes with the last session, so one is kept. */
export async function ortContestants(): Promise<Contestant[]> {
  const keeper = onnxModel({
    inputs: { x: [4] },
    outputs: { y: [4] },
    nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }],
  });
  await ort.InferenceSession.create(keeper, { executionProviders: ['webgpu'] });
  return [
    {
      name: 'ONNX Runtime, WebGPU graph',
      webgpu: true,
      enter: (problem) => enter(problem, graphOf(problem), 'webgpu'),
    },
    {
      name: 'ONNX Runtime, WebGPU MultiHeadAttention',
      webgpu: true,
      enter: (problem) => enter(problem, fusedGraph(problem), 'webgpu'),
    },
    {
      name: 'ONNX Runtime, wasm on the CPU',
      webgpu: false,
      enter: (problem) => enter(problem, graphOf(problem), 'wasm'),
    },
  ];
}
