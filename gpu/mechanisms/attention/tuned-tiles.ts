// The tiles of flash-v2-tuned's forms, as their constants say. Knows no kernel text, so that views can ask without loading any.

import type { KernelForm, Tuning } from '../../plan/kernel-form.ts';
import type { PassSpec } from '../../plan/plan.ts';

export const TUNED = 'flash-v2-tuned';

const FORMS: readonly KernelForm[] = ['gpu', 'software', 'software-quad'];

export const formFile = (form: KernelForm) => `flash-v2-tuned-${form}.wgsl`;

/** Query rows an invocation of the software forms owns, and the keys of their tiles: written out in the kernels. */
const SOFTWARE = { ROWS: 4, BC: 16 };

/** What a form covers with one workgroup. */
export interface TunedTiles {
  /** Query rows of a workgroup, key rows of a tile. */
  br: number;
  bc: number;
  invocations: number;
}

export function tunedTiles(form: KernelForm, tuning: Tuning): TunedTiles {
  const { BR = 0, BC = 0, LANES = 0 } = tuning;
  if (form === 'gpu') return { br: BR, bc: BC, invocations: (BR / 4) * LANES };
  return { br: LANES * SOFTWARE.ROWS, bc: SOFTWARE.BC, invocations: LANES };
}

/** What a pass of flash-v2-tuned covers with one workgroup; undefined for a pass that runs none of its forms. */
export function tilesOfPass({ kernel, constants }: Pick<PassSpec, 'kernel' | 'constants'>): TunedTiles | undefined {
  const form = FORMS.find((each) => formFile(each) === kernel);
  return form && tunedTiles(form, constants as Tuning);
}
