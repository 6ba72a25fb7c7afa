// Which of a kernel's forms suits a device. Knows no schema, so that the page can ask without loading any.

import { EngineError } from '../core/errors.ts';
import type { KernelForm } from './kernel-form.ts';

type Limits = Readonly<Record<string, number>>;

/** Subgroups hold whole quads of four invocations. */
export const hasQuads = ({ subgroupMinSize = 0 }: Limits) => subgroupMinSize >= 4;

/**
 * The form asked for, else the one that suits the device: `limits` carry, beside WebGPU's own, the adapter facts isSoftware (1 or
 * 0) and subgroupMinSize (0 where subgroups are missing). Without them it is the form for graphics processors.
 *
 * @throws EngineError unsupported for quads on a device without subgroups
 */
export function chooseForm(asked: KernelForm | 'auto' | undefined, limits: Limits): KernelForm {
  if (asked === 'software-quad' && !hasQuads(limits)) {
    throw new EngineError('unsupported', 'software-quad needs a device with subgroups of four or more', {
      field: 'form',
      value: asked,
      limit: 'gpu, software',
    });
  }
  if (asked && asked !== 'auto') return asked;
  if (limits.isSoftware !== 1) return 'gpu';
  return hasQuads(limits) ? 'software-quad' : 'software';
}
