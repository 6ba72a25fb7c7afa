// TensorFlow.js (@tensorflow/tfjs-backend-webgpu), by its operations: it has no attention of its own.

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import type { Contestant, Entry } from '../contestant.ts';
import { LAYERNORM_EPSILON, type Problem } from '../problem.ts';

function inputsOf({ kind, shape, inputs, causal }: Problem): Record<string, tf.Tensor> {
  if (kind === 'attention') {
    const [n, heads, headDim] = shape as [number, number, number];
    const tensors: Record<string, tf.Tensor> = {};
    for (const name of ['q', 'k', 'v']) tensors[name] = tf.tensor3d(inputs[name]!, [n, heads, headDim]);
    if (causal) tensors.mask = tf.tensor2d(causalMask(n), [n, n]);
    return tensors;
  }
  if (kind === 'gemm') {
    const [m, k, n] = shape as [number, number, number];
    return { a: tf.tensor2d(inputs.a!, [m, k]), b: tf.tensor2d(inputs.b!, [k, n]) };
  }
  const tensors: Record<string, tf.Tensor> = { x: tf.tensor2d(inputs.x!, shape as [number, number]) };
  if (kind === 'layernorm')
    Object.assign(tensors, { scale: tf.tensor1d(inputs.scale!), bias: tf.tensor1d(inputs.bias!) });
  return tensors;
}

function causalMask(n: number): Float32Array {
  return Float32Array.from({ length: n * n }, (_, at) => (at % n > Math.floor(at / n) ? -1e30 : 0));
}

function solve(
  { kind, shape }: Problem,
  { q, k, v, mask, a, b, x, scale, bias }: Record<string, tf.Tensor>,
): tf.Tensor {
  switch (kind) {
    case 'attention': {
      const byHead = (t: tf.Tensor) => tf.transpose(t, [1, 0, 2]);
      const scores = tf.mul(tf.matMul(byHead(q!), byHead(k!), false, true), 1 / Math.sqrt(shape[2]!));
      const weights = tf.softmax(mask ? tf.add(scores, mask) : scores);
      return tf.transpose(tf.matMul(weights, byHead(v!)), [1, 0, 2]);
    }
    case 'gemm':
      return tf.matMul(a!, b!);
    case 'prefix-sum':
      return tf.cumsum(x!, 0);
    case 'softmax':
      return tf.softmax(x!);
    case 'layernorm': {
      const { mean, variance } = tf.moments(x!, 1, true);
      const centred = tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, LAYERNORM_EPSILON)));
      return tf.add(tf.mul(centred, scale!), bias!);
    }
  }
}

async function enter(problem: Problem): Promise<Entry> {
  const backend = tf.backend() as WebGPUBackend;
  const inputs = inputsOf(problem);
  return {
    async run(times) {
      for (let time = 0; time < times; time++) tf.tidy(() => solve(problem, inputs)).dispose();
      // Without this the last commands stay in an open pass and never start.
      backend.endComputePassEncoder();
      backend.submitQueue();
      await backend.device.queue.onSubmittedWorkDone();
    },
    async read() {
      const output = tf.tidy(() => solve(problem, inputs));
      const data = await output.data();
      output.dispose();
      return data;
    },
    dispose() {
      tf.dispose(inputs);
    },
  };
}

export async function tfjs(): Promise<Contestant> {
  await tf.setBackend('webgpu');
  await tf.ready();
  return { name: 'TensorFlow.js', webgpu: true, enter };
}
