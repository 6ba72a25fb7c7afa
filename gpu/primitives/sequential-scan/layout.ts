// Where the scan's tensors stand in device memory. Kernels may bind seven buffers, so A, D and delta_bias share one, and B and C
// share another; `within` keeps their names for callers.

import type { BufferSpec } from '../../plan/plan.ts';
import { FORM_AXES, type Form, type ScanConfig } from './config.ts';

/** Bound where a kernel declares an optional tensor that this run does not have. */
export const UNUSED: BufferSpec = { name: 'unused', dtype: 'f32', shape: [1], role: 'scratch', init: 'zero' };

/** The same for a tensor the kernel would write: one buffer cannot be bound for reading and for writing at once. */
export const UNUSED_OUTPUT: BufferSpec = { ...UNUSED, name: 'unused_output' };

type Sizes = Pick<ScanConfig, 'batch' | 'dim' | 'dstate' | 'seqlen' | 'groups'>;

function formShape(form: Form, sizes: Sizes): number[] {
  return FORM_AXES[form].map((axis) => sizes[axis]);
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Elements from the start of `bc`, and strides, of B and C: values of the kernels' Params. */
export function mapParams(config: Pick<ScanConfig, keyof Sizes | 'bForm' | 'cForm'>): Record<string, number> {
  const params: Record<string, number> = { b_at: 0, c_at: product(formShape(config.bForm, config)) };
  for (const [prefix, form] of [
    ['b', config.bForm],
    ['c', config.cForm],
  ] as const) {
    const group = config.dstate * config.seqlen;
    params[`${prefix}_batch`] = form === 'constant' ? 0 : form === 'grouped' ? config.groups * group : group;
    params[`${prefix}_group`] = form === 'grouped' ? group : 0;
  }
  return params;
}

/** The inputs, in the packing that the kernels bind. */
export function inputBuffers(config: ScanConfig): BufferSpec[] {
  const { batch, dim, dstate, seqlen, bForm, cForm, hasD, hasZ, hasDeltaBias } = config;
  const signal = [batch, dim, seqlen];
  const bShape = formShape(bForm, config);
  const cShape = formShape(cForm, config);
  const input = (name: string, shape: number[], buffer?: string, at = 0): BufferSpec => ({
    name,
    dtype: 'f32',
    shape,
    role: 'input',
    ...(buffer && { within: { buffer, at } }),
  });
  return [
    input('u', signal),
    input('delta', signal),
    ...(hasZ ? [input('z', signal)] : []),
    { name: 'bc', dtype: 'f32', shape: [product(bShape) + product(cShape)], role: 'state', init: 'poison' },
    input('B', bShape, 'bc'),
    input('C', cShape, 'bc', product(bShape)),
    { name: 'weights', dtype: 'f32', shape: [dim * (dstate + 2)], role: 'state', init: 'poison' },
    input('A', [dim, dstate], 'weights'),
    ...(hasD ? [input('D', [dim], 'weights', dim * dstate)] : []),
    ...(hasDeltaBias ? [input('delta_bias', [dim], 'weights', dim * (dstate + 1))] : []),
    UNUSED,
  ];
}

export function outputBuffers({ batch, dim, dstate, seqlen, lastState }: ScanConfig): BufferSpec[] {
  const output = (name: string, shape: number[]): BufferSpec => ({
    name,
    dtype: 'f32',
    shape,
    role: 'output',
    init: 'poison',
  });
  return [output('out', [batch, dim, seqlen]), lastState ? output('last_state', [batch, dim, dstate]) : UNUSED_OUTPUT];
}
