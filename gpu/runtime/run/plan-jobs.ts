// A plan's passes → jobs over allocated buffers.

import { EngineError } from '../../core/errors.ts';
import type { PassSpec, Plan, Workgroups } from '../../plan/plan.ts';
import { bake } from '../../wgsl/text/bake.ts';
import type { KernelVariable } from '../../wgsl/text/kernel-interface.ts';
import { reflectBindings, reflectStruct, requireEntryPoint, type StructMember } from '../../wgsl/text/reflect.ts';
import type { BufferPool, DeviceBuffer } from '../device/buffers.ts';
import { type Job, type JobBinding, packParams } from '../device/job.ts';
import type { Resolved } from './experiment.ts';

/** The uniform that a pass's `params` fill. */
const PARAMS = 'params';

export interface PlanJobs {
  jobs: Job[];
  /** Uniform buffers made for the jobs; the caller gives them back. */
  uniforms: DeviceBuffer[];
}

/**
 * @param overrides values that replace Params members of that name in every pass that has them, and the numbers of `PassSpec.runtime`
 * @throws EngineError unknown-constant, unknown-buffer, bad-config, bad-input
 */
export function planJobs(
  { plan, sources, edited }: Pick<Resolved, 'plan' | 'sources' | 'edited'>,
  passes: readonly number[],
  buffers: ReadonlyMap<string, DeviceBuffer>,
  pool: BufferPool,
  overrides: Readonly<Record<string, number>> = {},
): PlanJobs {
  const unused = new Set(Object.keys(overrides));
  for (const index of passes) {
    const { params = {}, workgroups = [] } = plan.passes[index]!.runtime ?? {};
    for (const name of [...Object.values(params), ...workgroups.map((share) => share?.of ?? '')]) unused.delete(name);
  }
  const drafts = passes.map((index) => {
    const pass = plan.passes[index]!;
    const draft = draftOf(plan, sources, index);
    const words = draft.members && packPassParams(pass, draft.members, overrides, unused);
    return { pass, words, ...draft };
  });
  for (const name of unused) {
    throw new EngineError('unknown-constant', `no kernel of this part has a Params member ${name}`, {
      field: name,
      value: overrides[name],
    });
  }
  const uniforms: DeviceBuffer[] = [];
  const jobs = drafts.map(({ pass, wgsl, entryPoint, uniform, words, bindings }): Job => {
    const bound: JobBinding[] = bindings.map(({ reflected, buffer }) => ({
      ...placeOf(reflected),
      name: buffer,
      buffer: buffers.get(buffer)!,
    }));
    if (uniform && words) {
      const buffer = pool.storage(words.byteLength);
      pool.upload(buffer, words);
      uniforms.push(buffer);
      bound.push({ ...placeOf(uniform), name: PARAMS, buffer });
    }
    const { workgroups } = pass;
    return {
      file: pass.kernel,
      wgsl,
      entryPoint,
      baked: pass.constants,
      bindings: bound,
      workgroups: Array.isArray(workgroups)
        ? saidWorkgroups(pass, workgroups, overrides)
        : { indirect: buffers.get(workgroups.indirect)!, offset: workgroups.offset, max: workgroups.max },
      guarded: edited.has(pass.kernel),
    };
  });
  return { jobs, uniforms };
}

interface Draft {
  wgsl: string;
  entryPoint: string;
  uniform: KernelVariable | undefined;
  /** Of its Params. */
  members: readonly StructMember[] | undefined;
  bindings: ReturnType<typeof matchBindings>;
}

/** What of a pass is the same in every run: a text token by token runs the same passes over and over. */
const known = new WeakMap<ReadonlyMap<string, string>, Map<PassSpec, Draft>>();

function draftOf(plan: Plan, sources: ReadonlyMap<string, string>, index: number): Draft {
  const pass = plan.passes[index]!;
  const drafts = known.get(sources) ?? new Map<PassSpec, Draft>();
  known.set(sources, drafts);
  const before = drafts.get(pass);
  if (before) return before;
  const wgsl = bake(sources.get(pass.kernel)!, pass.constants);
  const entryPoint = requireEntryPoint(wgsl, pass.entryPoint).name;
  const bindings = reflectBindings(wgsl, entryPoint);
  const uniform = bindings.find(({ name, space }) => name === PARAMS && space === 'uniform');
  const members = uniform && membersOf(pass, wgsl, uniform);
  const draft = { wgsl, entryPoint, uniform, members, bindings: matchBindings(pass, bindings, reflectBindings(wgsl)) };
  drafts.set(pass, draft);
  return draft;
}

/** None for a run of no rows: such a dispatch does nothing. */
function saidWorkgroups(
  { runtime }: PassSpec,
  planned: Workgroups,
  said: Readonly<Record<string, number>>,
): Workgroups {
  return planned.map((groups, axis) => {
    const share = runtime?.workgroups?.[axis];
    return share && Object.hasOwn(said, share.of) ? Math.ceil(said[share.of]! / share.per) : groups;
  }) as Workgroups;
}

function placeOf({ name, group, binding, space, access }: KernelVariable) {
  const type = space === 'uniform' ? 'uniform' : access === 'read' ? 'read-only-storage' : 'storage';
  return { variable: name, group, binding, type } as const;
}

/** @throws EngineError unsupported */
function membersOf({ kernel }: PassSpec, wgsl: string, uniform: KernelVariable): StructMember[] {
  const members = reflectStruct(wgsl, uniform.type);
  if (members) return members;
  throw new EngineError('unsupported', `${kernel}: params must be a struct, not ${uniform.type}`, { field: kernel });
}

function packPassParams(
  pass: PassSpec,
  members: readonly StructMember[],
  overrides: Readonly<Record<string, number>>,
  unused: Set<string>,
) {
  const values = { ...pass.params };
  for (const { name } of members) {
    if (!Object.hasOwn(overrides, name)) continue;
    values[name] = overrides[name]!;
    unused.delete(name);
  }
  for (const [member, name] of Object.entries(pass.runtime?.params ?? {})) {
    if (Object.hasOwn(overrides, name)) values[member] = overrides[name]!;
  }
  return packParams(pass.kernel, members, values);
}

/** Pairs the pass's bindings with the kernel's: every one the entry point uses, none it does not declare. */
function matchBindings(pass: PassSpec, used: readonly KernelVariable[], declared: readonly KernelVariable[]) {
  for (const variable of Object.keys(pass.bindings)) {
    if (declared.some(({ name }) => name === variable)) continue;
    const limit = declared.map(({ name }) => name);
    throw new EngineError('unknown-buffer', `${pass.kernel} has no binding called ${variable}`, {
      field: variable,
      limit,
    });
  }
  return used
    .filter(({ name, space }) => !(name === PARAMS && space === 'uniform'))
    .map((reflected) => {
      const { name, space } = reflected;
      if (space === 'handle') {
        throw new EngineError(
          'unsupported',
          `${pass.kernel}: ${name} is a texture or sampler; only buffers are bound`,
          { field: name },
        );
      }
      const buffer = Object.hasOwn(pass.bindings, name) ? pass.bindings[name] : undefined;
      if (buffer === undefined) {
        throw new EngineError('unknown-buffer', `${pass.kernel}: the plan binds nothing to ${name}`, { field: name });
      }
      return { reflected, buffer };
    });
}
