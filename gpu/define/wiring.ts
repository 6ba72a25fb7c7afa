// Dispatches, wired by name: every storage variable, constant and param of a kernel finds the tensor or the value that is called alike,
// or that the description names for it.

import { tuningOf } from '../plan/kernel-form.ts';
import type { PassSpec } from '../plan/plan.ts';
import { type KernelText, nameOf } from './kernel-text.ts';
import { knownAs, wrongDescription } from './names.ts';
import type { From, MechanismSpec, Pass, PassRun, Run, Sub, Value } from './spec.ts';
import { UNUSED } from './tensors.ts';

export const settled = <C, T extends Value | string, On>(from: From<C, T, On>, config: C, run: On): T =>
  typeof from === 'function' ? from(config, run) : from;

/** Keys of a config. */
export function configKeys<C>({ sizes, numbers, options, keys, tensors }: MechanismSpec<C>): Set<string> {
  const named = [sizes, numbers, options, keys].flatMap((each) => Object.keys(each ?? {}));
  return new Set([...named, ...Object.values(tensors).flatMap(({ optional }) => (optional ? [optional.flag] : []))]);
}

/** Whether a config, the description's values or the pass have something for a constant or param of that name. */
function finds<C>(spec: MechanismSpec<C>, pass: Pass<C>, name: string): boolean {
  if (Object.hasOwn(pass.values ?? {}, name) || Object.hasOwn(spec.values ?? {}, name)) return true;
  return knownAs(name, (key) => configKeys(spec).has(key)) !== undefined;
}

/** Every name on which description and kernels must agree. @throws EngineError internal naming what nothing is called like */
export function checkNames<C>(spec: MechanismSpec<C>, kernels: ReadonlyMap<string, KernelText>): void {
  const ownKernels = Object.keys(spec.kernels).map(nameOf);
  const { id, variants } = spec.card;
  const named = variants.map((each) => each.id);
  const other = [...named, ...Object.keys(spec.variants)].find(
    (variant) => !named.includes(variant) || !Object.hasOwn(spec.variants, variant),
  );
  if (other !== undefined) throw wrongDescription(id, `card and description differ in the variant ${other}`, other);
  const used = new Set<string>();
  const valuesUsed = new Set<string>();
  for (const { passes } of Object.values(spec.variants)) {
    for (const pass of passes) {
      if ('mechanism' in pass) {
        checkSub(spec, pass);
        continue;
      }
      const kernel = kernels.get(pass.kernel);
      if (!kernel) {
        throw wrongDescription(id, `there is no kernel ${pass.kernel}`, pass.kernel, [...kernels.keys()]);
      }
      used.add(pass.kernel);
      checkPass(spec, pass, kernel);
      for (const name of [...kernel.params, ...kernel.constants.map(({ name }) => name)]) valuesUsed.add(name);
    }
  }
  const idle = ownKernels.find((kernel) => !used.has(kernel));
  if (idle !== undefined) throw wrongDescription(id, `no variant runs the kernel ${idle}`, idle);
  const unasked = Object.keys(spec.values ?? {}).find((name) => !valuesUsed.has(name));
  if (unasked !== undefined) throw wrongDescription(id, `no kernel has a constant or param called ${unasked}`, unasked);
}

function checkSub<C>({ card, tensors }: MechanismSpec<C>, { mechanism, variant, names }: Sub<C>): void {
  if (!mechanism.variants.some((each) => each.id === variant))
    throw wrongDescription(card.id, `${mechanism.id} has no variant ${variant}`, variant);
  const theirs = mechanism.description?.tensors ?? {};
  for (const [name, tensor] of Object.entries(names)) {
    if (!Object.hasOwn(theirs, name))
      throw wrongDescription(card.id, `${mechanism.id} has no tensor ${name}`, name, Object.keys(theirs));
    if (typeof tensor === 'string' && !Object.hasOwn(tensors, tensor))
      throw wrongDescription(card.id, `${name} of ${mechanism.id} is wired to ${tensor}, which is no tensor`, tensor);
  }
}

function checkPass<C>(spec: MechanismSpec<C>, pass: Pass<C>, { file, bindings, params, constants }: KernelText): void {
  const missing = (what: string, name: string) =>
    wrongDescription(spec.card.id, `nothing is called like the ${what} ${name} of ${file}`, name);
  for (const { name } of bindings) {
    const tensor = pass.bindings?.[name] ?? name;
    if (typeof tensor === 'string' && !Object.hasOwn(spec.tensors, tensor)) throw missing('binding', tensor);
  }
  const marked = constants.filter(({ kind }) => kind !== 'tune').map(({ name }) => name);
  for (const name of marked) if (!finds(spec, pass, name)) throw missing('constant', name);
  for (const name of params) if (!finds(spec, pass, name)) throw missing('param', name);
  const variables = bindings.map(({ name }) => name);
  const values = [...params, ...constants.map(({ name }) => name)];
  for (const [what, named, known] of [
    ['binding', pass.bindings, variables],
    ['constant or param', pass.values, values],
  ] as const) {
    const extra = Object.keys(named ?? {}).find((name) => !known.includes(name));
    if (extra !== undefined) throw wrongDescription(spec.card.id, `${file} has no ${what} ${extra}`, extra, known);
  }
}

/** @param present names of the plan's tensors */
export function wire<C>(
  spec: MechanismSpec<C>,
  { kernel, tuned, grid, bindings: renamed = {}, values: own = {} }: Pass<C>,
  { file, wgsl, bindings, params, constants }: KernelText,
  present: ReadonlySet<string>,
  config: C,
  run: Run,
): PassSpec {
  const keys = config as Record<string, Value | undefined>;
  const { tuning } = config as { tuning?: Record<string, number> };
  const chosen: Record<string, number> = tuned ? tuningOf(file, wgsl, tuning) : {};
  const passRun: PassRun = { ...run, constant: (name) => Number(constantOf(name)) };

  function valueNamed(name: string): Value | undefined {
    if (Object.hasOwn(own, name)) return settled(own[name]!, config, passRun);
    if (Object.hasOwn(spec.values ?? {}, name)) return settled(spec.values![name]!, config, run);
    const key = knownAs(name, (each) => keys[each] !== undefined);
    return key === undefined ? undefined : keys[key];
  }

  function required(name: string): Value {
    const value = valueNamed(name);
    if (value !== undefined) return value;
    throw wrongDescription(spec.card.id, `a config has no value for ${name} of ${file}`, name);
  }

  function constantOf(name: string): Value {
    const constant = constants.find((each) => each.name === name);
    if (!constant) throw wrongDescription(spec.card.id, `${file} marks no constant ${name}`, name);
    return constant.kind === 'tune' ? (chosen[name] ?? valueNamed(name) ?? constant.value) : required(name);
  }

  function boundTo(name: string, reads: boolean): string {
    const tensor = settled(renamed[name] ?? name, config, run);
    if (present.has(tensor)) return tensor;
    if (Object.hasOwn(spec.tensors, tensor)) return reads ? UNUSED.read : UNUSED.write;
    throw wrongDescription(spec.card.id, `${kernel} binds ${tensor}, which is no tensor`, tensor);
  }

  return {
    kernel: file,
    constants: Object.fromEntries(constants.map(({ name }) => [name, constantOf(name)])),
    bindings: Object.fromEntries(bindings.map(({ name, reads }) => [name, boundTo(name, reads)])),
    params: Object.fromEntries(params.map((name) => [name, Number(required(name))])),
    workgroups: grid(config, passRun),
  };
}
