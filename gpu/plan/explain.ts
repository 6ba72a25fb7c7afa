// A plan in words: what a person reads to see what will run, before it runs.

import { bufferBytes } from './check.ts';
import type { BufferSpec, PassSpec, Plan } from './plan.ts';

/** One line per buffer and per pass, then the parts. */
export function explain(plan: Plan): string {
  const total = plan.buffers.reduce((bytes, spec) => bytes + (spec.within ? 0 : bufferBytes(spec)), 0);
  const lines = [
    `${count(plan.buffers.length, 'buffer')}, ${total} bytes`,
    ...plan.buffers.map((spec) => `  ${explainBuffer(spec)}`),
    count(plan.passes.length, 'dispatch', 'dispatches'),
    ...plan.passes.map((pass, index) => `  ${index}. ${explainPass(pass)}`),
  ];
  for (const [part, passes] of Object.entries(plan.parts ?? {})) lines.push(`part ${part}: ${passes.join(', ')}`);
  if (!plan.idempotent) lines.push('changes its own state: a second run gives another result');
  return lines.join('\n');
}

function explainBuffer(spec: BufferSpec): string {
  const { name, dtype, shape, role, init, sentinel, within } = spec;
  const words = [`${name}: ${dtype} [${shape.join(', ')}]`, role, `${bufferBytes(spec)} bytes`];
  if (within) words.push(`in ${within.buffer} from element ${within.at} on`);
  if (Array.isArray(init)) words.push('holds constants of the plan');
  else if (init === 'poison') words.push('starts as NaN');
  else if (init !== undefined) words.push(`starts as ${init}`);
  if (sentinel) words.push(`${sentinel.from} is read back as ${sentinel.to}`);
  return words.join(', ');
}

function explainPass({ kernel, entryPoint, constants, bindings, params, workgroups }: PassSpec): string {
  const grid = Array.isArray(workgroups)
    ? `${workgroups.join(' × ')} workgroups`
    : `workgroups from ${workgroups.indirect} at byte ${workgroups.offset}, at most ${workgroups.max.join(' × ')}`;
  const words = [entryPoint ? `${kernel} (${entryPoint})` : kernel, grid, list(bindings, ' ← ')];
  if (Object.keys(constants).length > 0) words.push(`baked ${list(constants, ' = ')}`);
  if (Object.keys(params).length > 0) words.push(`params ${list(params, ' = ')}`);
  return words.filter(Boolean).join('; ');
}

function list(values: Record<string, unknown>, between: string): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}${between}${String(value)}`)
    .join(', ');
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
