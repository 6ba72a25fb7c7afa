// What the tests of flash-v2-tuned share: its forms, and a run.

import type { Tensor } from '../../../core/tensor.ts';
import type { KernelForm } from '../../../plan/kernel-form.ts';
import type { Engine } from '../../../runtime/api.ts';
import { TUNED } from '../tuned-tiles.ts';

export const FORMS: KernelForm[] = ['gpu', 'software', 'software-quad'];

export async function runTuned(engine: Engine, config: object, inputs: Record<string, Tensor>) {
  return (await engine.run({ mechanism: 'attention', variant: TUNED, config }, { inputs })).outputs;
}
