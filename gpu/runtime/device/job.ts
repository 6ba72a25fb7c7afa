// One dispatch, ready to run: kernel text with its constants baked, and the device memory behind every binding.

import { EngineError } from '../../core/errors.ts';
import type { Workgroups } from '../../plan/plan.ts';
import type { StructMember } from '../../wgsl/text/reflect.ts';
import type { DeviceBuffer } from './buffers.ts';

export interface JobBinding {
  /** WGSL variable. */
  variable: string;
  /** The plan's buffer, or the KernelSpec binding's name. */
  name: string;
  group: number;
  binding: number;
  type: 'storage' | 'read-only-storage' | 'uniform';
  buffer: DeviceBuffer;
}

export interface Job {
  file: string;
  /** Baked; compiled as it stands. */
  wgsl: string;
  entryPoint: string;
  overrides?: Record<string, number>;
  baked?: Record<string, number | boolean>;
  bindings: JobBinding[];
  workgroups: Workgroups | { indirect: DeviceBuffer; offset: number; max?: Workgroups };
  /** Edited and foreign kernels run under the loop guard. */
  guarded: boolean;
}

/**
 * The job with text inserted, and the binding that this text needs. Runs unguarded.
 *
 * @param renamed names of entry point and constants that are others in the new text
 */
export function inserted(
  job: Job,
  { wgsl, renamed = {} }: { wgsl: string; renamed?: Readonly<Record<string, string>> },
  binding: JobBinding,
): Job {
  const named = (name: string) => (Object.hasOwn(renamed, name) ? renamed[name]! : name);
  const { overrides } = job;
  return {
    ...job,
    wgsl,
    entryPoint: named(job.entryPoint),
    ...(overrides && {
      overrides: Object.fromEntries(Object.entries(overrides).map(([name, value]) => [named(name), value])),
    }),
    bindings: [...job.bindings, binding],
    guarded: false,
  };
}

/**
 * The bytes of a uniform of 4-byte scalars.
 *
 * @throws EngineError unknown-constant for a missing or unknown member, bad-config for a value its type cannot hold,
 *   unsupported for a member that is no 4-byte scalar
 */
export function packParams(
  file: string,
  members: readonly StructMember[],
  values: Readonly<Record<string, number>>,
): Uint32Array<ArrayBuffer> {
  const words = new DataView(new ArrayBuffer(Math.max(16, Math.ceil(members.length / 4) * 16)));
  members.forEach(({ name, type }, index) => {
    const field = `${file} params.${name}`;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      throw new EngineError('unknown-constant', `${file}: no value for Params member ${name}`, { field });
    }
    const at = index * 4;
    if (type === 'f32') words.setFloat32(at, value, true);
    else if (type === 'u32' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff)
      words.setUint32(at, value, true);
    else if (type === 'i32' && Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff)
      words.setInt32(at, value, true);
    else if (type === 'u32' || type === 'i32') {
      const limit = type === 'u32' ? [0, 0xffffffff] : [-0x80000000, 0x7fffffff];
      throw new EngineError('bad-config', `${file}: ${value} is no ${type} for Params member ${name}`, {
        field,
        value,
        limit,
      });
    } else {
      throw new EngineError(
        'unsupported',
        `${file}: Params member ${name} has type ${type}; only u32, i32 and f32 are passed`,
        {
          field,
          value: type,
        },
      );
    }
  });
  const known = members.map((member) => member.name);
  for (const name of Object.keys(values)) {
    if (known.includes(name)) continue;
    throw new EngineError('unknown-constant', `${file}: Params has no member ${name}`, {
      field: `${file} params.${name}`,
      value: values[name],
      limit: known,
    });
  }
  return new Uint32Array(words.buffer);
}
