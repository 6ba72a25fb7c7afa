// Dispatches of mechanisms and primitives, wired into one plan on tensors that have names in the whole: the stream, weights and states of
// a part, and what passes between its kernels, for which parts that run one after the other share room.

import { elementCount } from '../core/tensor.ts';
import type { BufferCount, Config, Limits, Mechanism } from '../mechanisms/mechanism.ts';
import { concat, type NamedPlan } from '../plan/concat.ts';
import type { BufferSpec, PassSpec, Plan, Runtime, Workgroups } from '../plan/plan.ts';
import type { View } from '../plan/views.ts';
import { linear } from '../primitives/linear/linear.ts';
import type { Activation } from '../primitives/linear/reference.ts';

/** Numbers that a run says (gpu/runtime/run/stream-session.ts): tokens that it takes in, those before, both, and its last one. */
export type Said = 'tokens' | 'position' | 'keys' | 'last';

/**
 * A tensor of the part that is being compiled: its own by name, one between its kernels, one of the whole stack
 * (what comes in, what goes out), or the stream before and after it.
 */
export type Place = { own: string } | { between: string } | { whole: string } | 'x' | 'y';

/** Some columns of a tensor that has a row for every token. */
export interface Stretch {
  of: Place;
  /** The first of them. */
  at: number;
  /** All that a row has. */
  columns: number;
  /** Further axes whose indices lie apart: elements between them. */
  strides?: Readonly<Record<string, number>>;
}

export interface Call {
  mechanism: Mechanism;
  variant: string;
  config: object;
  /** Tensor of the mechanism → where it stands. */
  tensors: Readonly<Record<string, Place | Stretch>>;
  /** What of a pass follows from a run's numbers. */
  runtime?(pass: PassSpec): Runtime;
}

export interface LinearCall {
  x: Place | Stretch;
  /** Name of the weight; the bias is called like it, with `.bias` in place of `.weight`. */
  weight: string;
  hasBias?: boolean;
  y: Place;
  /** Columns of x and of y. */
  k: number;
  n: number;
  activation?: Activation;
  gate?: Place;
  residual?: Place;
  /** Rows of this run go behind those of the tokens before: y is a cache. */
  toCache?: boolean;
  /** Only the last row is mapped. */
  onlyLast?: boolean;
  /** Only the first row is mapped. */
  onlyFirst?: boolean;
  /** Rows of the weight that are used, `n` from `first` on, of the `of` that it has. */
  weightRows?: { first: number; of: number };
}

const isStretch = (place: Place | Stretch): place is Stretch => typeof place === 'object' && 'of' in place;

export class Composition {
  readonly #plans: NamedPlan[] = [];
  readonly #names: Record<string, string> = {};
  readonly #views: Record<string, View> = {};
  /** Tensors between kernels of which stretches are written, but never the whole. */
  readonly #wide = new Map<string, BufferSpec>();
  /** Most rows of a run, over all sequences. */
  readonly #rows: number;
  /** Part of the plan → names of its plans. */
  readonly #parts = new Map<string, string[]>();
  /** Name → sizes that stand under it, in the order in which they came. */
  readonly #between = new Map<string, number[]>();
  /** Which of the two buffers of the stream holds it now. */
  #stream = 0;
  #place = '';
  #part: 'prefill' | 'step' = 'prefill';
  /** What the stream before a part and after it is called, where it is a tensor of its own. */
  #ends: { x?: string; y?: string } = {};
  /** Closed forms of what was added, by the names in the whole. */
  readonly #counts: BufferCount[] = [];
  /** Most that a kernel of what was added declares on chip. */
  workgroupBytes = 0;

  /**
   * @param size sequences, and the most tokens of each
   * @param wholes weights, inputs and states by their names in the whole
   */
  constructor(
    private readonly size: { batch: number; context: number },
    private readonly wholes: readonly BufferSpec[],
    private readonly limits: Limits,
  ) {
    this.#rows = size.batch * size.context;
  }

  get isStep(): boolean {
    return this.#part === 'step';
  }

  /** Starts a part of a run: `tokens`, `blocks.3`, `readout`. */
  enter(part: 'prefill' | 'step', place: string, ends: { x?: string; y?: string } = {}): void {
    if (part !== this.#part) this.#stream = 0;
    this.#part = part;
    this.#place = place;
    this.#ends = ends;
  }

  /** What was written to `y` is the stream for those that follow. */
  turn(): void {
    this.#stream = 1 - this.#stream;
  }

  call(name: string, { mechanism, variant, config, tensors, runtime }: Call): void {
    const resolved = mechanism.resolve(config);
    const plan = mechanism.plan(variant, resolved, this.limits);
    const passes = runtime ? plan.passes.map((pass) => ({ ...pass, runtime: runtime(pass) })) : plan.passes;
    this.#add(name, { ...plan, passes }, tensors);
    this.#count(name, mechanism, variant, resolved);
  }

  /** y = activation(x Wᵀ + bias) · gate + residual, in the form that suits the rows of this part. */
  linear(name: string, call: LinearCall): void {
    const {
      x,
      weight,
      hasBias = false,
      y,
      k,
      n,
      activation = 'none',
      gate,
      residual,
      toCache,
      onlyLast,
      onlyFirst,
      weightRows,
    } = call;
    const onlyOne = onlyLast || onlyFirst;
    const flags = { bias: hasBias, gate: gate !== undefined, residual: residual !== undefined };
    // A software adapter runs the lanes of a team one after the other.
    const lanes = { team: this.limits.isSoftware === 1 ? 1 : 16, rowsPerLane: this.#rows > 32 ? 4 : 1 };
    const config = { rows: this.#rows, k, n, activation, ...flags, ...lanes };
    const few = this.isStep || onlyOne;
    const [form, resolved] = [few ? 'row' : 'tiled', linear.resolve(config)];
    const plan = linear.plan(form, resolved, this.limits);
    const pass = plan.passes[0]!;
    const per = few ? 1 : (pass.constants.TILE as number) * (pass.constants.ROWS as number);
    const runtime: Runtime = {
      params: {
        ...(onlyLast ? { x_first: 'last' } : !onlyFirst && { rows: 'tokens' }),
        ...(toCache && { y_first: 'position' }),
      },
      workgroups: [null, onlyOne ? null : { of: 'tokens', per }, null],
    };
    const [across] = pass.workgroups as Workgroups;
    const workgroups: Workgroups = [across, 1, 1];
    const first = { ...pass.params, weight_at: (weightRows?.first ?? 0) * k };
    const only = onlyOne && { params: { ...first, rows: 1, x_first: onlyLast ? this.#rows - 1 : 0 }, workgroups };
    const shapes: Record<string, number[]> = {
      ...(onlyOne && { y: [1, n] }),
      ...(weightRows && { weight: [weightRows.of, k] }),
    };
    const buffers = plan.buffers.map((spec) => ({ ...spec, shape: shapes[spec.name] ?? spec.shape }));
    this.#add(
      name,
      { ...plan, buffers, passes: [{ ...pass, params: first, ...only, runtime }] },
      {
        x,
        weight: { own: weight },
        y,
        ...(hasBias && { bias: { own: weight.replace(/weight$/, 'bias') } }),
        ...(gate && { gate }),
        ...(residual && { residual }),
      },
    );
    this.#count(name, linear, form, resolved);
  }

  #add(name: string, plan: Plan, tensors: Readonly<Record<string, Place | Stretch>>): void {
    const whole = `${this.#part}.${this.#place}.${name}`;
    // What a kernel changes in place has one name before and one after: nobody needs both.
    const buffers = plan.buffers.filter((spec) => !spec.within || Object.hasOwn(tensors, spec.name));
    for (const spec of buffers) {
      const place = Object.hasOwn(tensors, spec.name) ? tensors[spec.name]! : undefined;
      // What nobody asked for is between this kernel and the next, too; constant data is a plan's own.
      if (!place && spec.role === 'input') continue;
      if (place && isStretch(place)) this.#views[`${whole}.${spec.name}`] = this.#viewed(place, spec);
      else {
        const size = elementCount(spec.shape);
        this.#names[`${whole}.${spec.name}`] = this.#named(place ?? { between: `${name}.${spec.name}` }, size);
      }
    }
    this.#plans.push({ name: whole, plan: { ...plan, buffers } });
    for (const part of [this.#part, `${this.#part}.${this.#place}`])
      this.#parts.set(part, [...(this.#parts.get(part) ?? []), whole]);
  }

  /** Of a run of as many tokens as there is room for. Between blocks a name may stand for several things on chip: those are left out. */
  #count(name: string, mechanism: Mechanism, variant: string, config: Config): void {
    const whole = `${this.#part}.${this.#place}.${name}`;
    const { buffers, workgroupBytes } = mechanism.cost(variant, config, this.limits);
    this.workgroupBytes = Math.max(this.workgroupBytes, workgroupBytes);
    const within = new Map(
      this.#plans
        .at(-1)!
        .plan.buffers.flatMap((spec) => (spec.within ? [[spec.within.buffer, spec.name] as const] : [])),
    );
    for (const row of buffers) {
      const viewed = this.#views[`${whole}.${within.get(row.buffer) ?? row.buffer}`]?.of;
      const constant = this.#plans
        .at(-1)!
        .plan.buffers.some((spec) => spec.name === row.buffer && Array.isArray(spec.init));
      const named =
        viewed ?? this.#names[`${whole}.${row.buffer}`] ?? (constant ? `${whole}.${row.buffer}` : undefined);
      if (named !== undefined) this.#counts.push({ ...row, buffer: named });
    }
  }

  /** Accesses to storage by closed form, of all that was added. */
  counts(): BufferCount[] {
    const sums = new Map<string, BufferCount>();
    for (const row of this.#counts) {
      const sum = sums.get(row.buffer) ?? { buffer: row.buffer, loads: 0, stores: 0, loadBytes: 0, storeBytes: 0 };
      for (const key of ['loads', 'stores', 'loadBytes', 'storeBytes'] as const) sum[key] += row[key];
      sums.set(row.buffer, sum);
    }
    return [...sums.values()];
  }

  #viewed({ of, at, columns, strides }: Stretch, { axes = [] }: BufferSpec): View {
    const size = this.#rows * columns;
    const name = this.#named(of, size);
    if (typeof of === 'object' && 'between' in of && !this.#wide.has(name)) {
      const shape = [this.#rows, columns];
      this.#wide.set(name, { name, dtype: 'f32', axes: ['row', name], shape, role: 'scratch', init: 'poison' });
    }
    const apart: Record<string, number> = {
      batch: this.size.context * columns,
      token: columns,
      time: columns,
      row: columns,
    };
    const known = Object.entries(apart).filter(([axis]) => axes.includes(axis));
    return { of: name, at, strides: { ...Object.fromEntries(known), ...strides } };
  }

  #named(place: Place, size: number): string {
    if (place === 'x') return this.#ends.x ?? `stream.${this.#stream}`;
    if (place === 'y') return this.#ends.y ?? `stream.${1 - this.#stream}`;
    if ('whole' in place) return place.whole;
    if ('own' in place) return `${this.#place}.${place.own}`;
    const sizes = this.#between.get(place.between) ?? [];
    if (!sizes.includes(size)) this.#between.set(place.between, [...sizes, size]);
    const index = this.#between.get(place.between)!.indexOf(size);
    return index === 0 ? place.between : `${place.between}.${index}`;
  }

  /** @param outputs name in the whole → the shape it is read as, or true for the shape it has */
  finish(outputs: Readonly<Record<string, readonly number[] | true>>): Plan {
    const joined = concat(this.#plans, {
      names: this.#names,
      views: this.#views,
      outputs,
      wholes: [...this.wholes, ...this.#wide.values()],
    });
    const parts = [...this.#parts].map(
      ([part, names]) => [part, names.flatMap((name) => joined.parts![name]!)] as const,
    );
    return { ...joined, buffers: withAxes(joined.buffers), parts: Object.fromEntries(parts) };
  }
}

/** Parts of a stack call extents of their own by the same names; in a plan a name has one extent: the others carry theirs behind it. */
function withAxes(buffers: readonly BufferSpec[]): BufferSpec[] {
  const extents = new Map<string, number>();
  return buffers.map((spec) => ({
    ...spec,
    axes: spec.axes?.map((axis, index) => {
      const extent = spec.shape[index]!;
      if (!extents.has(axis)) extents.set(axis, extent);
      return extents.get(axis) === extent ? axis : `${axis}${extent}`;
    }),
  }));
}
