// From a raw config and the given inputs to a config in which every key has its value: options that inputs make, flags of optional
// tensors, sizes from shapes.

import { parseConfig, resolveSizes } from '../core/config.ts';
import { EngineError } from '../core/errors.ts';
import type { z } from '../core/schema.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Axes, namesOf } from './axes.ts';
import type { MechanismSpec, TensorSpec } from './spec.ts';
import { isGiven, shapeOf } from './tensors.ts';

type Given = Readonly<Record<string, Tensor>> | undefined;

/** @throws EngineError bad-config, shape-mismatch, and what the description's own hooks throw */
export function resolve<C>(
  spec: MechanismSpec<C>,
  axes: Axes<C>,
  schema: z.ZodMiniType,
  raw: object,
  inputs: Given,
): C {
  const parsed = parseConfig(schema, raw) as Record<string, unknown>;
  const chosen = withFlags(spec, withOptions(spec, parsed, inputs), inputs);
  const asked = spec.settle?.(chosen, inputs) ?? chosen;
  const config = { ...asked, ...sizesOf(spec, axes, asked, inputs) };
  requireShapes(spec, axes, config, inputs);
  requireBounds(spec, config);
  spec.accept?.(config, inputs);
  return config;
}

function withOptions<C>({ options = {} }: MechanismSpec<C>, asked: Record<string, unknown>, inputs: Given) {
  const chosen = { ...asked };
  for (const [name, { choices, usual = choices[0], given }] of Object.entries(options)) {
    if (!given) continue;
    const made = inputs && given(inputs, asked[name]);
    chosen[name] = asked[name] ?? made ?? usual;
  }
  return chosen as Record<string, unknown>;
}

function withFlags<C>({ tensors }: MechanismSpec<C>, asked: Record<string, unknown>, inputs: Given): C {
  const config = { ...asked } as C & Record<string, unknown>;
  for (const [name, { optional, present }] of Object.entries(tensors)) {
    if (!optional) continue;
    const { flag, usual } = optional;
    const otherwise = inputs ? inputs[name] !== undefined : typeof usual === 'function' ? usual(config) : usual;
    Object.assign(config, { [flag]: (present?.(config) ?? true) && (asked[flag] ?? otherwise) });
  }
  return config;
}

function sizesOf<C>(spec: MechanismSpec<C>, axes: Axes<C>, asked: C, inputs: Given): Record<string, number> {
  const said = asked as Record<string, number | undefined>;
  const given = givenSizes(spec, axes, asked, inputs);
  const isSaid = (size: string) => said[size] !== undefined || Object.values(given).flat().includes(size);
  const keys: Record<string, number | undefined> = {};
  const later: string[] = [];
  for (const [size, { ofInputs, least, follows }] of Object.entries(spec.sizes)) {
    if (ofInputs === false) continue;
    if ((least === 0 && !(said[size]! > 0)) || (follows && !isSaid(size))) later.push(size);
    else keys[size] = said[size];
  }
  const known: Record<string, number> = resolveSizes(keys, inputs, given);
  for (const size of later) {
    const extent =
      said[size] ?? extentIn(spec, axes, asked, inputs, size) ?? spec.sizes[size]!.follows?.({ ...asked, ...known });
    if (extent === undefined)
      throw new EngineError('bad-config', `${size} is not known: give it or an input`, { field: size });
    known[size] = extent;
  }
  return known;
}

/** What the schema cannot see: sizes that came from shapes, and sizes that have to fit each other. */
function requireBounds<C>({ sizes }: MechanismSpec<C>, config: C): void {
  const known = config as Record<string, number>;
  for (const [field, { limit, divides }] of Object.entries(sizes)) {
    const value = known[field]!;
    if (limit !== undefined && value > limit) {
      const message = `${field} is ${value}; the kernels take at most ${limit}`;
      throw new EngineError('bad-config', message, { field, value, limit });
    }
    const whole = typeof divides === 'function' ? divides(config) : divides;
    if (whole === undefined || value === 0 || known[whole]! % value === 0) continue;
    const message = `${field} must divide ${whole} = ${known[whole]}`;
    throw new EngineError('bad-config', message, { field, value, limit: known[whole] });
  }
}

/** Given inputs that a config has, with their axes. */
function givenAxes<C>(
  { tensors }: MechanismSpec<C>,
  asked: C,
  inputs: Given,
): [string, TensorSpec<C>, readonly string[]][] {
  return Object.entries(tensors).flatMap(([name, tensor]) =>
    inputs?.[name] && isGiven(tensor, asked)
      ? [[name, tensor, namesOf(tensor, asked)] as [string, TensorSpec<C>, readonly string[]]]
      : [],
  );
}

/** Sizes of the axes of given inputs, in order; an axis that follows from the config stands for itself. */
function givenSizes<C>(spec: MechanismSpec<C>, axes: Axes<C>, asked: C, inputs: Given): Record<string, string[]> {
  const defines = (axis: string) =>
    (spec.sizes[axes.sizeOf(axis) ?? '']?.least ?? 1) > 0 && axes.sizeOf(axis) !== undefined;
  const given: Record<string, string[]> = {};
  for (const [name, tensor, names] of givenAxes(spec, asked, inputs)) {
    // What may be left out and has an extent of its own, or one that may be 0, is only compared as a whole.
    if (!tensor.optional || names.every(defines)) given[name] = names.map((axis) => axes.sizeOf(axis) ?? axis);
  }
  return given;
}

function extentIn<C>(spec: MechanismSpec<C>, axes: Axes<C>, asked: C, inputs: Given, size: string): number | undefined {
  for (const [name, , names] of givenAxes(spec, asked, inputs)) {
    const at = names.findIndex((axis) => axes.sizeOf(axis) === size);
    if (at >= 0) return inputs![name]!.shape[at];
  }
  return undefined;
}

function requireShapes<C>(spec: MechanismSpec<C>, axes: Axes<C>, config: C, inputs: Given): void {
  for (const [name, tensor] of givenAxes(spec, config, inputs)) {
    const { shape } = inputs![name]!;
    const wanted = shapeOf(tensor, axes, config, NO_RUN);
    if (shape.join() === wanted.join()) continue;
    const message = `${name} has the shape [${shape.join(', ')}], not [${wanted.join(', ')}]`;
    throw new EngineError('shape-mismatch', message, { field: name, value: shape, limit: wanted });
  }
}

/** Inputs are the same whatever runs. */
export const NO_RUN = { variant: '', limits: {} };
