// The q, k and v of an attention block's recorded run, as the attention exhibit takes them.

import { type Tensor, tensor } from '#gpu/core/tensor.ts';
import type { Stack } from '#gpu/model/stack/config.ts';
import { planStack } from '#gpu/model/stack/plan.ts';
import type { BlockRecording } from '../state/run/model-runs.ts';

/** The first `tokens` rows of [rows, heads · channels] or [1, rows, heads, channels] → [1, tokens, heads, channels]. */
function rowsOf({ data }: Tensor, tokens: number, heads: number, channels: number): Tensor {
  return tensor('f32', [1, tokens, heads, channels], data.slice(0, tokens * heads * channels));
}

/** @throws Error where the block's plan has no attention */
export async function attentionInputs(
  stack: Stack,
  { place, read, tokens }: BlockRecording,
): Promise<Record<'q' | 'k' | 'v', Tensor>> {
  // Which buffers they stand in does not depend on the device.
  const { passes, parts } = planStack(stack, {});
  const pass = parts!
    [`prefill.${place}`]!.map((index) => passes[index]!)
    .find(({ bindings }) => bindings.q && bindings.k);
  if (!pass) throw new Error(`${place} has no attention`);
  const { heads, kv_heads: groups = heads } = pass.params as { heads: number; kv_heads?: number };
  const [q, k] = await Promise.all([read(pass.bindings.q!), read(pass.bindings.k!)]);
  const valuePass = parts![`prefill.${place}`]!.map((index) => passes[index]!).find(({ bindings }) => bindings.v)!;
  const v = await read(valuePass.bindings.v!);
  const channels = k!.shape.at(-1)!;
  return {
    q: rowsOf(q, tokens, heads, channels),
    k: rowsOf(k, tokens, groups!, channels),
    v: rowsOf(v, tokens, groups!, channels),
  };
}
