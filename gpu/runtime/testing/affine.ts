// A small mechanism of the engine's own tests: scale a vector, add it to a running total, spin.

import { parseConfig } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import { tensor } from '../../core/tensor.ts';
import type { Config, Mechanism } from '../../mechanisms/mechanism.ts';
import type { BufferSpec, PassSpec, Plan } from '../../plan/plan.ts';
import accumulateWgsl from './accumulate.wgsl?raw';
import scaleWgsl from './scale.wgsl?raw';
import spinWgsl from './spin.wgsl?raw';

const schema = z.object({
  n: z.optional(z.int().check(z.gte(0))),
  factor: z._default(z.number(), 2),
  lanes: z._default(z.int(), 64),
  /** Passes of the `spin` variant, and loop rounds in each. */
  passes: z._default(z.int().check(z.gte(1)), 1),
  rounds: z._default(z.int().check(z.gte(0)), 1),
});

interface AffineConfig extends Config, Required<z.infer<typeof schema>> {
  n: number;
}

const scale = { file: 'scale.wgsl', wgsl: scaleWgsl };
const accumulate = { file: 'accumulate.wgsl', wgsl: accumulateWgsl };
const spin = { file: 'spin.wgsl', wgsl: spinWgsl };

function scalePass({ n, factor, lanes }: AffineConfig, skip: boolean): PassSpec {
  return {
    kernel: scale.file,
    constants: { LANES: lanes, SKIP: skip },
    bindings: { x: 'x', y: 'y' },
    params: { n, factor },
    workgroups: [Math.ceil(n / lanes), 1, 1],
  };
}

function plan(variant: string, raw: Config): Plan {
  const config = raw as AffineConfig;
  const { n } = config;
  const x: BufferSpec = { name: 'x', dtype: 'f32', shape: [n], role: 'input' };
  const y: BufferSpec = {
    name: 'y',
    dtype: 'f32',
    shape: [n],
    role: 'output',
    init: 'poison',
    sentinel: { from: -1e30, to: -Infinity },
  };
  switch (variant) {
    case 'direct':
    case 'unwritten':
      return { buffers: [x, y], passes: [scalePass(config, variant === 'unwritten')], idempotent: true };
    case 'indirect': {
      // Half the workgroups that a direct dispatch would take.
      const counts = [99, Math.ceil(n / config.lanes / 2), 1, 1];
      return {
        buffers: [x, y, { name: 'counts', dtype: 'u32', shape: [4], role: 'input', init: counts }],
        passes: [
          { ...scalePass(config, false), workgroups: { indirect: 'counts', offset: 4, max: [counts[1]!, 1, 1] } },
        ],
        idempotent: true,
      };
    }
    case 'running-total':
      return {
        buffers: [
          x,
          { ...y, role: 'scratch' },
          { name: 'total', dtype: 'f32', shape: [n], role: 'state', init: 'zero' },
        ],
        passes: [
          scalePass(config, false),
          {
            kernel: accumulate.file,
            constants: {},
            bindings: { y: 'y', total: 'total' },
            params: { n },
            workgroups: [Math.ceil(n / 64), 1, 1],
          },
        ],
        parts: { add: [0, 1], 'add-twice': [0, 1, 1], scale: [0], accumulate: [1] },
        idempotent: false,
      };
    case 'spin':
      return {
        buffers: [{ ...y, shape: [64] }],
        passes: Array.from({ length: config.passes }, () => ({
          kernel: spin.file,
          constants: {},
          bindings: { y: 'y' },
          params: { rounds: config.rounds },
          workgroups: [1, 1, 1],
        })),
        idempotent: true,
      };
    default:
      throw new EngineError('unknown-variant', `no variant ${variant}`, { field: 'variant', value: variant });
  }
}

const variants = [
  { id: 'direct', kernels: [scale] },
  { id: 'unwritten', kernels: [scale] },
  { id: 'indirect', kernels: [scale] },
  { id: 'running-total', kernels: [scale, accumulate] },
  { id: 'spin', kernels: [spin] },
];

export const affine: Mechanism = {
  id: 'affine',
  title: 'Affine test mechanism',
  role: 'primitive',
  config: schema,
  presets: [],
  steps: [],
  variants: variants.map((each) => ({ ...each, title: each.id, supports: () => true })),
  resolve(raw, inputs) {
    const parsed = parseConfig(schema, raw);
    const n = inputs?.x?.shape[0] ?? parsed.n ?? 0;
    if (parsed.n !== undefined && parsed.n !== n) {
      throw new EngineError('shape-mismatch', `n is ${parsed.n}, x has ${n}`, {
        field: 'n',
        value: parsed.n,
        limit: n,
      });
    }
    return { ...parsed, n };
  },
  makeInputs(config, seed) {
    const { n } = config as AffineConfig;
    return {
      x: tensor(
        'f32',
        [n],
        Float32Array.from({ length: n }, (_, index) => seed + index),
      ),
    };
  },
  plan,
  reference(config, { x }) {
    const { factor, n } = config as AffineConfig;
    return { y: { shape: [n], data: Float64Array.from(x!.data, (value) => factor * value) } };
  },
  cost(_variant, config) {
    const { n } = config as AffineConfig;
    return {
      buffers: [
        { buffer: 'x', loads: n, stores: 0, loadBytes: 4 * n, storeBytes: 0 },
        { buffer: 'y', loads: 0, stores: n, loadBytes: 0, storeBytes: 4 * n },
      ],
      workgroupBytes: 0,
      extraBytes: 0,
    };
  },
};
