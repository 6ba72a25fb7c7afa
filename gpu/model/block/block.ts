// The mechanism `block`: one block of a stack, or several in a row, on rows that are given, without tokens before them. What blocks make on
// their way can be read, too.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { normalTensor } from '../../core/random.ts';
import { z } from '../../core/schema.ts';
import { elementCount, type ReferenceTensor, type Tensor } from '../../core/tensor.ts';
import type { Config, Limits, Mechanism } from '../../mechanisms/mechanism.ts';
import type { BufferSpec, Plan } from '../../plan/plan.ts';
import { addPositions } from '../../primitives/add-positions/add-positions.ts';
import { callNorm, normRows, normWeights } from '../blocks/norm.ts';
import { blockKinds } from '../blocks.ts';
import { Composition } from '../composition.ts';
import { kernels, used } from '../kernels.ts';
import type { Output, Positions, StackSize, Weight, Weights64 } from '../part.ts';
import { normEpsilon, type Part, part, positions, readPart } from '../stack/config.ts';
import { card } from './card.ts';

const SEQUENCE = 'sequence';
const size = z.optional(z.int().check(z.gte(1)));
const norm = z._default(z.enum(['layer', 'rms', 'none']), 'none');

/** What all kinds have; the rest are the keys of one kind. */
const schema = z.looseObject({
  kind: z.optional(z.string()),
  batch: size,
  seqlen: size,
  width: size,
  normEpsilon,
  positions,
  blocks: z.optional(z.array(part).check(z.minLength(1))),
  /** Of a sequence: after its last block. */
  finalNorm: norm,
  /** Of a sequence: of x, read by itself. */
  firstNorm: norm,
});

type Norm = 'layer' | 'rms' | 'none';

interface BlockConfig {
  kind: string;
  batch: number;
  seqlen: number;
  width: number;
  normEpsilon: number;
  positions: Positions;
  blocks?: { kind: string }[];
  finalNorm: Norm;
  firstNorm: Norm;
}

/** The kind whose keys these are. @throws EngineError bad-config */
function kindOf(asked: string | undefined, keys: object): string {
  if (asked !== undefined) return asked;
  const fitting = [...blockKinds.values()].filter(({ keys: known }) => known.safeParse(keys).success);
  if (fitting.length === 1) return fitting[0]!.kind;
  const limit = [...blockKinds.keys(), SEQUENCE];
  const message = `kind is not said, and the keys ${Object.keys(keys).join(', ')} fit ${fitting.length} kinds`;
  throw new EngineError('bad-config', message, { field: 'kind', limit });
}

const isSequence = ({ kind }: BlockConfig) => kind === SEQUENCE;

const sizeOf = ({ batch, seqlen, width, normEpsilon: epsilon, positions: places }: BlockConfig): StackSize => ({
  batch,
  context: seqlen,
  width,
  epsilon,
  positions: places,
});

/** A single block stands at `block`, those of a sequence at `blocks.0` …; its own tensors go without that place in the plan. */
const SINGLE = 'block';

function partsOf(config: BlockConfig): Part[] {
  const {
    kind,
    batch,
    seqlen,
    width,
    normEpsilon: _e,
    positions: _p,
    blocks = [],
    finalNorm,
    firstNorm,
    ...keys
  } = config;
  if (isSequence(config)) return blocks.map((each, i) => readPart(`blocks.${i}`, each, blockKinds));
  return [readPart(SINGLE, { kind, ...keys }, blockKinds)];
}

function resolve(raw: object, inputs?: Record<string, Tensor>): Config {
  const {
    kind,
    batch,
    seqlen,
    width,
    normEpsilon: epsilon,
    positions: places,
    blocks,
    finalNorm,
    firstNorm,
    ...keys
  } = parseConfig(schema, raw);
  const axes = { x: ['batch', 'seqlen', 'width'] as const };
  const sizes = resolveSizes({ batch: batch ?? (inputs?.x ? undefined : 1), seqlen, width }, inputs, axes);
  const common = { ...sizes, normEpsilon: epsilon, positions: places, finalNorm, firstNorm };
  const config = blocks
    ? { ...common, kind: SEQUENCE, blocks }
    : { ...keys, ...common, kind: kindOf(kind as string | undefined, keys) };
  const parts = partsOf(config as unknown as BlockConfig);
  for (const each of parts) each.kind.accept?.(each.keys, sizeOf(config as unknown as BlockConfig));
  if (!blocks) return { ...config, ...parts[0]!.keys };
  return { ...config, blocks: parts.map((each) => ({ kind: each.kind.kind, ...each.keys })) };
}

/** The norms of a sequence, by where their weights stand. */
const norms = ({ firstNorm, finalNorm }: BlockConfig) =>
  ({ first: { norm: firstNorm }, final: { norm: finalNorm } }) as const;

const prefixed = <T>(place: string, entries: Record<string, T>): [string, T][] =>
  Object.entries(entries).map(([name, value]) => [`${place}.${name}`, value]);

function weightsOf(config: BlockConfig): [string, Weight][] {
  const size = sizeOf(config);
  const ofParts = partsOf(config).flatMap(({ place, kind, keys }) => prefixed(place, kind.weights(keys, size)));
  if (!isSequence(config)) return ofParts;
  const ofNorms = Object.entries(norms(config)).flatMap(([place, keys]) => prefixed(place, normWeights(keys, size)));
  return [...ofParts, ...ofNorms];
}

/** `block.q_proj.weight` → `q_proj.weight` */
const told = (name: string) => (name.startsWith(`${SINGLE}.`) ? name.slice(SINGLE.length + 1) : name);

const hasSum = ({ keys }: Part) => {
  const { residual, norm: own, place } = keys as { residual?: boolean; norm?: Norm; place?: string };
  return residual === true && (own === 'none' || place === 'pre');
};

/** The stream after block i of a sequence. */
const after = (config: BlockConfig, i: number) =>
  i === config.blocks!.length - 1 && config.finalNorm === 'none' ? 'out' : `hidden_${i}`;

interface Readable extends Pick<Output, 'axes' | 'shape' | 'dtype'> {
  /** Name of the output. */
  name: string;
  /** Buffer before places are left away. */
  buffer: string;
}

/** All that a run gives. */
function readable(config: BlockConfig): Readable[] {
  const size = sizeOf(config);
  const rows = (name: string): Readable => ({
    name,
    buffer: name,
    axes: ['batch', 'token', 'channel'],
    shape: [config.batch, config.seqlen, config.width],
  });
  const parts = partsOf(config);
  if (!isSequence(config)) {
    const [{ kind, keys, place }] = parts as [Part];
    const own = Object.entries(kind.outputs?.(keys, size) ?? {});
    return [
      rows('out'),
      ...own.map(([name, each]) => ({ ...each, name, buffer: each.passing ? name : `${place}.${name}` })),
    ];
  }
  const streams = parts.flatMap((each, i) => [...(hasSum(each) ? [`made_${i}`] : []), after(config, i)]);
  const routers = parts.flatMap(({ kind, keys, place }, i) =>
    Object.entries(kind.outputs?.(keys, size) ?? {})
      .filter(([, { passing }]) => !passing || parts.length === 1)
      .map(([name, each]) => ({ ...each, name: `${name}_${i}`, buffer: each.passing ? name : `${place}.${name}` })),
  );
  const named = new Set([...streams, 'out', ...(config.firstNorm === 'none' ? [] : ['normed'])]);
  return [...[...named].map(rows), ...routers];
}

function wholes(config: BlockConfig): BufferSpec[] {
  const size = sizeOf(config);
  const shape = [config.batch, config.seqlen, config.width];
  const read = readable(config);
  const states = partsOf(config).flatMap(({ place, kind, keys }) =>
    prefixed(place, kind.states?.(keys, size) ?? {}).map(([name, state]): BufferSpec => {
      const { axes, shape: extents } = read.find(({ buffer }) => buffer === name) ?? state;
      const init = state.keeps === 'rows' ? 'poison' : 'zero';
      return { name, dtype: 'f32', axes, shape: [...extents], role: 'state', init };
    }),
  );
  const stated = new Set(states.map(({ name }) => name));
  return [
    { name: 'x', dtype: 'f32', axes: ['batch', 'token', 'channel'], shape, role: 'input' },
    ...weightsOf(config).map(
      ([name, each]): BufferSpec => ({ name, dtype: 'f32', axes: each.axes, shape: [...each.shape], role: 'input' }),
    ),
    ...states,
    ...read
      .filter(({ buffer }) => !stated.has(buffer))
      .map(
        ({ buffer, axes, shape: extents, dtype = 'f32' }): BufferSpec => ({
          name: buffer,
          dtype,
          axes,
          shape: [...extents],
          role: 'output',
          init: 'poison',
        }),
      ),
  ];
}

function compose(config: BlockConfig, limits: Limits): Composition {
  const size = sizeOf(config);
  const to = new Composition(size, wholes(config), limits);
  const parts = partsOf(config);
  if (!isSequence(config)) {
    const [{ kind, keys, place }] = parts as [Part];
    to.enter('prefill', place, { x: 'x', y: 'out' });
    kind.compile(keys, size, to, limits);
    return to;
  }
  const { first, final } = norms(config);
  if (first.norm !== 'none') {
    to.enter('prefill', 'first');
    callNorm(to, first, size, { whole: 'x' }, { whole: 'normed' });
  }
  for (const [i, each] of parts.entries()) {
    const [x, y] = [i === 0 ? 'x' : after(config, i - 1), after(config, i)];
    // What a block makes is kept by itself, beside the sum.
    to.enter('prefill', each.place, { x, y: hasSum(each) ? `made_${i}` : y });
    each.kind.compile(hasSum(each) ? { ...each.keys, residual: false } : each.keys, size, to, limits);
    if (!hasSum(each)) continue;
    to.call('sum', {
      mechanism: addPositions,
      variant: 'direct',
      config: { batch: 1, tokens: config.batch * config.seqlen, width: config.width, hasPositions: true },
      tensors: { x: { whole: x }, positions: { whole: `made_${i}` }, out: { whole: y } },
    });
  }
  if (final.norm !== 'none') {
    to.enter('prefill', 'final');
    callNorm(to, final, size, { whole: after(config, parts.length - 1) }, { whole: 'out' });
  }
  return to;
}

function planOf(config: BlockConfig, limits: Limits): Plan {
  const read = readable(config);
  const outputs = Object.fromEntries(read.map(({ buffer, shape }) => [buffer, shape]));
  const { parts: _, ...plan } = compose(config, limits).finish(outputs);
  const names = new Map(read.map(({ name, buffer }) => [buffer, name]));
  const rename = (name: string) => names.get(name) ?? told(name);
  return {
    ...plan,
    buffers: plan.buffers.map((spec) => ({
      ...spec,
      name: rename(spec.name),
      ...(spec.within && { within: { ...spec.within, buffer: rename(spec.within.buffer) } }),
    })),
    passes: plan.passes.map(({ runtime: _said, ...pass }) => ({
      ...pass,
      bindings: Object.fromEntries(Object.entries(pass.bindings).map(([variable, name]) => [variable, rename(name)])),
    })),
    idempotent: false,
  };
}

/** Float64: sequence by sequence, block by block. */
function reference(config: BlockConfig, inputs: Record<string, Pick<Tensor, 'data'>>): Record<string, ReferenceTensor> {
  const one = { ...config, batch: 1 };
  const size = sizeOf(one);
  const rows = config.seqlen * config.width;
  const found: Record<string, Float64Array[]> = {};
  const keep = (name: string, data: Float64Array) => {
    found[name] = [...(found[name] ?? []), data];
  };
  const within = (place: string): Weights64 => {
    const own = weightsOf(one).filter(([name]) => name.startsWith(`${place}.`));
    return Object.fromEntries(own.map(([name]) => [name.slice(place.length + 1), inputs[told(name)]!.data]));
  };
  for (let sequence = 0; sequence < config.batch; sequence++) {
    let x = Float64Array.from(inputs.x!.data.subarray(sequence * rows, (sequence + 1) * rows));
    if (config.firstNorm !== 'none') keep('normed', normRows(norms(config).first, size, within('first'), x));
    for (const [i, { kind, keys, place }] of partsOf(one).entries()) {
      const y = kind.reference(keys, size, within(place), x);
      for (const [name, output] of Object.entries(kind.outputs?.(keys, size) ?? {}))
        keep(isSequence(config) ? `${name}_${i}` : name, output.reference(within(place), x));
      keep(
        `made_${i}`,
        y.map((value, at) => value - x[at]!),
      );
      keep(isSequence(config) ? after(config, i) : 'out', y);
      x = y as Float64Array<ArrayBuffer>;
    }
    if (config.finalNorm !== 'none') keep('out', normRows(norms(config).final, size, within('final'), x));
  }
  return Object.fromEntries(
    readable(config).map(({ name, shape }) => {
      const all = found[name]!;
      return [name, { shape: [...shape], data: Float64Array.from(all.flatMap((each) => Array.from(each))) }];
    }),
  );
}

const steps = used.flatMap((each) => each.steps);
const typed = (config: Config) => config as unknown as BlockConfig;

export const block: Mechanism = {
  ...card,
  config: schema,
  steps: steps.filter(({ id }, i) => steps.findIndex((each) => each.id === id) === i),
  variants: card.variants.map(({ id, title }) => ({
    id,
    title,
    kernels: [...kernels],
    supports(config, limits) {
      const { kind } = typed(config);
      if (kind !== id)
        return new EngineError('unsupported', `the config is of ${kind}`, { field: 'kind', value: kind, limit: id });
      try {
        planOf(typed(config), limits);
        return true;
      } catch (error) {
        if (error instanceof EngineError) return error;
        throw error;
      }
    },
  })),
  resolve,
  makeInputs(config, seed) {
    const { batch, seqlen, width } = typed(config);
    const weights = weightsOf(typed(config)).map(([name, { shape, fill }]): [string, Tensor] => {
      const data = fill === undefined ? undefined : new Float32Array(elementCount(shape)).fill(fill);
      if (data) return [told(name), { dtype: 'f32', shape: [...shape], data }];
      return [told(name), normalTensor(seed, name, [...shape], 1 / Math.sqrt(shape.at(-1)!))];
    });
    return { x: normalTensor(seed, 'x', [batch, seqlen, width]), ...Object.fromEntries(weights) };
  },
  plan(variant, config, limits) {
    const { kind } = typed(config);
    if (kind === variant) return planOf(typed(config), limits);
    throw new EngineError('unsupported', `the config is of ${kind}`, { field: 'kind', value: kind, limit: variant });
  },
  reference: (config, inputs) => reference(typed(config), inputs),
  cost(_variant, config, limits = {}) {
    const plan = planOf(typed(config), limits);
    const names = new Map(readable(typed(config)).map(({ name, buffer }) => [buffer, name]));
    const composed = compose(typed(config), limits);
    const counts = composed.counts();
    const scratch = plan.buffers.filter(({ role }) => role === 'scratch' || role === 'state');
    return {
      buffers: counts.map((row) => ({ ...row, buffer: names.get(row.buffer) ?? told(row.buffer) })),
      workgroupBytes: composed.workgroupBytes,
      extraBytes: scratch.reduce((bytes, { shape }) => bytes + 4 * elementCount(shape), 0),
    };
  },
};
