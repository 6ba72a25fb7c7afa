// Dispatches of mechanisms and primitives, wired into one plan on tensors that have names in the whole: the stream, weights and states of
// a part, and what passes between its kernels, for which parts that run one after the other share room.

import { elementCount } from '../core/tensor.ts';
import type { Limits, Mechanism } from '../mechanisms/mechanism.ts';
import { concat, type NamedPlan } from '../plan/concat.ts';
import type { BufferSpec, PassSpec, Plan, Runtime, Workgroups } from '../plan/plan.ts';
import { linear } from '../primitives/linear/linear.ts';
import type { Activation } from '../primitives/linear/reference.ts';

/** Numbers that a run says (gpu/runtime/run/stream-session.ts): tokens that it takes in, those before, both, and its last one. */
export type Said = 'tokens' | 'position' | 'keys' | 'last';

/**
 * A tensor of the part that is being compiled: its own by name, one between its kernels, one of the whole stack
 * (what comes in, what goes out), or the stream before and after it.
 */
export type Place = { own: string } | { between: string } | { whole: string } | 'x' | 'y';

export interface Call {
  mechanism: Mechanism;
  variant: string;
  config: object;
  /** Tensor of the mechanism → where it stands. */
  tensors: Readonly<Record<string, Place>>;
  /** What of a pass follows from a run's numbers. */
  runtime?(pass: PassSpec): Runtime;
}

export interface LinearCall {
  x: Place;
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
}

export class Composition {
  readonly #plans: NamedPlan[] = [];
  readonly #names: Record<string, string> = {};
  /** Part of the plan → names of its plans. */
  readonly #parts = new Map<string, string[]>();
  /** Name → sizes that stand under it, in the order in which they came. */
  readonly #between = new Map<string, number[]>();
  /** Which of the two buffers of the stream holds it now. */
  #stream = 0;
  #place = '';
  #part: 'prefill' | 'step' = 'prefill';

  /**
   * @param rows most rows of a run, over all sequences
   * @param wholes weights, inputs and states by their names in the whole
   */
  constructor(
    private readonly rows: number,
    private readonly wholes: readonly BufferSpec[],
    private readonly limits: Limits,
  ) {}

  get isStep(): boolean {
    return this.#part === 'step';
  }

  /** Starts a part of a run: `tokens`, `blocks.3`, `readout`. */
  enter(part: 'prefill' | 'step', place: string): void {
    if (part !== this.#part) this.#stream = 0;
    this.#part = part;
    this.#place = place;
  }

  /** What was written to `y` is the stream for those that follow. */
  turn(): void {
    this.#stream = 1 - this.#stream;
  }

  call(name: string, { mechanism, variant, config, tensors, runtime }: Call): void {
    const plan = mechanism.plan(variant, mechanism.resolve(config), this.limits);
    const passes = runtime ? plan.passes.map((pass) => ({ ...pass, runtime: runtime(pass) })) : plan.passes;
    this.#add(name, { ...plan, passes }, tensors);
  }

  /** y = activation(x Wᵀ + bias) · gate + residual, in the form that suits the rows of this part. */
  linear(name: string, call: LinearCall): void {
    const { x, weight, hasBias = false, y, k, n, activation = 'none', gate, residual, toCache, onlyLast } = call;
    const flags = { bias: hasBias, gate: gate !== undefined, residual: residual !== undefined };
    // A software adapter runs the lanes of a team one after the other.
    const form = { team: this.limits.isSoftware === 1 ? 1 : 16, rowsPerLane: this.rows > 32 ? 4 : 1 };
    const config = { rows: this.rows, k, n, activation, ...flags, ...form };
    const few = this.isStep || onlyLast;
    const plan = linear.plan(few ? 'row' : 'tiled', linear.resolve(config), this.limits);
    const pass = plan.passes[0]!;
    const per = few ? 1 : (pass.constants.TILE as number) * (pass.constants.ROWS as number);
    const runtime: Runtime = {
      params: { ...(onlyLast ? { x_row: 'last' } : { rows: 'tokens' }), ...(toCache && { y_row: 'position' }) },
      workgroups: [null, onlyLast ? null : { of: 'tokens', per }, null],
    };
    const [across] = pass.workgroups as Workgroups;
    const workgroups: Workgroups = [across, 1, 1];
    const only = onlyLast && { params: { ...pass.params, rows: 1, x_row: this.rows - 1 }, workgroups };
    const buffers = onlyLast
      ? plan.buffers.map((spec) => (spec.name === 'y' ? { ...spec, shape: [1, n] } : spec))
      : plan.buffers;
    this.#add(
      name,
      { ...plan, buffers, passes: [{ ...pass, ...only, runtime }] },
      {
        x,
        weight: { own: weight },
        y,
        ...(hasBias && { bias: { own: weight.replace(/weight$/, 'bias') } }),
        ...(gate && { gate }),
        ...(residual && { residual }),
      },
    );
  }

  #add(name: string, plan: Plan, tensors: Readonly<Record<string, Place>>): void {
    const whole = `${this.#part}.${this.#place}.${name}`;
    for (const spec of plan.buffers) {
      const place = Object.hasOwn(tensors, spec.name) ? tensors[spec.name]! : undefined;
      // What nobody asked for is between this kernel and the next, too; constant data is a plan's own.
      if (!place && spec.role === 'input') continue;
      this.#names[`${whole}.${spec.name}`] = this.#named(place ?? { between: `${name}.${spec.name}` }, spec);
    }
    this.#plans.push({ name: whole, plan });
    for (const part of [this.#part, `${this.#part}.${this.#place}`])
      this.#parts.set(part, [...(this.#parts.get(part) ?? []), whole]);
  }

  #named(place: Place, spec: BufferSpec): string {
    if (place === 'x') return `stream.${this.#stream}`;
    if (place === 'y') return `stream.${1 - this.#stream}`;
    if ('whole' in place) return place.whole;
    if ('own' in place) return `${this.#place}.${place.own}`;
    const size = elementCount(spec.shape);
    const sizes = this.#between.get(place.between) ?? [];
    if (!sizes.includes(size)) this.#between.set(place.between, [...sizes, size]);
    const index = this.#between.get(place.between)!.indexOf(size);
    return index === 0 ? place.between : `${place.between}.${index}`;
  }

  /** @param outputs name in the whole → the shape it is read as, or true for the shape it has */
  finish(outputs: Readonly<Record<string, readonly number[] | true>>): Plan {
    const joined = concat(this.#plans, { names: this.#names, outputs, wholes: this.wholes });
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
