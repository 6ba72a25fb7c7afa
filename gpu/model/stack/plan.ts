// A stack → Plan: 'prefill' takes in a text, 'step' what follows; each has a part for every part of the stack, so that one block can be
// recorded by itself.

import type { Limits } from '../../mechanisms/mechanism.ts';
import type { BufferSpec, Plan } from '../../plan/plan.ts';
import { Composition } from '../composition.ts';
import type { Output, Weight } from '../part.ts';
import { isCausal, type Part, partsOf, type Stack } from './config.ts';

/** By their names in the whole. */
export function weightsOf(stack: Stack): Record<string, Weight> {
  const named = partsOf(stack).flatMap(({ place, kind, keys }) =>
    Object.entries(kind.weights(keys, stack.size)).map(([name, weight]) => [`${place}.${name}`, weight] as const),
  );
  return Object.fromEntries(named);
}

/** What comes out; `every` row of it or the last token's alone. */
export const OUTPUT = 'logits';

/** What is read back beside it. */
export const outputsOf = ({ readout, size }: Stack): Record<string, Output> =>
  readout.kind.outputs?.(readout.keys, size) ?? {};

/** Inputs, weights, states and what is read back. */
function wholes(stack: Stack): BufferSpec[] {
  const { size } = stack;
  const ofPart = ({ place, kind, keys }: Part): BufferSpec[] => [
    ...Object.entries(kind.inputs?.(keys, size) ?? {}).map(
      ([name, { axes, shape, dtype }]): BufferSpec => ({
        name,
        dtype,
        axes,
        shape: [...shape],
        role: 'input',
      }),
    ),
    ...Object.entries(kind.constants?.(keys, size) ?? {}).map(
      ([name, { axes, shape, values }]): BufferSpec => ({
        name: `${place}.${name}`,
        dtype: 'f32',
        axes,
        shape: [...shape],
        role: 'input',
        init: values,
      }),
    ),
    ...Object.entries(kind.states?.(keys, size) ?? {}).map(
      ([name, { axes, shape, keeps }]): BufferSpec => ({
        name: `${place}.${name}`,
        dtype: 'f32',
        axes,
        shape: [...shape],
        role: 'state',
        // A row that nobody wrote is seen where somebody reads it; before the first token a state is nothing.
        init: keeps === 'rows' ? 'poison' : 'zero',
      }),
    ),
  ];
  const weights = Object.entries(weightsOf(stack)).map(
    ([name, { axes, shape }]): BufferSpec => ({
      name,
      dtype: 'f32',
      axes,
      shape: [...shape],
      role: 'input',
    }),
  );
  return [...partsOf(stack).flatMap(ofPart), ...weights];
}

export function planStack(stack: Stack, limits: Limits): Plan {
  const composition = new Composition(stack.size, wholes(stack), limits);
  const parts = isCausal(stack) ? (['prefill', 'step'] as const) : (['prefill'] as const);
  for (const part of parts) {
    for (const { place, kind, keys } of partsOf(stack)) {
      composition.enter(part, place);
      kind.compile(keys, stack.size, composition, limits);
      composition.turn();
    }
  }
  const besides = outputsOf(stack);
  const shapes = Object.entries(besides).map(([name, { shape }]) => [name, shape] as const);
  const plan = composition.finish({ [OUTPUT]: true, ...Object.fromEntries(shapes) });
  const { every } = stack.readout.keys as { every?: boolean };
  const buffers = plan.buffers.map((spec): BufferSpec => {
    const beside = Object.hasOwn(besides, spec.name) ? besides[spec.name] : undefined;
    const named = beside ? { ...spec, axes: beside.axes } : spec;
    return beside?.ofTokens || (spec.name === OUTPUT && every) ? { ...named, extent: 'tokens' } : named;
  });
  return { ...plan, buffers, idempotent: false };
}
