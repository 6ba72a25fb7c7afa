// Generation with a state of fixed size: the prefill leaves two caches, a step moves them on.

import { EngineError } from '../../core/errors.ts';
import { normalTensor } from '../../core/random.ts';
import type { Config, Decoding } from '../mechanism.ts';
import type { BlockConfig } from './reference.ts';

/** Bytes that a decode step keeps of everything before it, whatever its length. */
export function stateBytes({
  batch,
  dim,
  dstate,
  width,
}: Pick<BlockConfig, 'batch' | 'dim' | 'dstate' | 'width'>): number {
  return 4 * batch * dim * (dstate + width - 1);
}

/** The paper's shape of a block in a model of `width` channels: twice as wide inside, 16 states, 4 taps. */
const shapeFor = (width: number) => ({
  dim: 2 * width,
  dstate: 16,
  deltaRank: Math.ceil(width / 16),
  width: 4,
  outDim: width,
});

export const decoding: Decoding = {
  variant: 'fused',
  keeps: 'state',
  caches: ['conv_state', 'ssm_state'],
  prefill: 'prefill',
  step: 'step',
  width: ({ outDim }) => outDim as number,
  length: ({ seqlen }) => seqlen as number,
  sizes: (config) => {
    const { dim, dstate, width } = config as Config & BlockConfig;
    const count = (of: number, what: string) => `${of} ${what}${of === 1 ? '' : 's'}`;
    const inside = `${count(dim, 'channel')} inside, each with ${count(dstate, 'state')}`;
    return width === 1 ? inside : `${inside} and ${count(width - 1, 'past input')} of its filter`;
  },
  configAt(length, width, like) {
    if (like?.mode === 's4') {
      const message = 'S4 mode holds Δ, B and C at their means over the whole sequence: it has no next token';
      throw new EngineError('unsupported', message, { field: 'mode', value: 's4', limit: 's6' });
    }
    // Streams of the induction task have a shortest length; what is kept does not depend on what the numbers are.
    return { ...(like ?? shapeFor(width)), batch: 1, seqlen: length, task: 'none' };
  },
  makeToken(config, seed) {
    const { inProj, dim, dModel } = config as Config & BlockConfig;
    const [name, shape] = inProj ? ['hidden_states_step', [1, 1, dModel]] : ['xz_step', [1, 2 * dim, 1]];
    return { [name as string]: normalTensor(seed, 'token', shape as number[]) };
  },
  cacheBytes: (config) => stateBytes(config as Config & BlockConfig),
};
