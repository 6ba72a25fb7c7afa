// How a dispatch follows the tokens of a run.

import type { PassSpec, Runtime } from '../../plan/plan.ts';

/**
 * @param perToken kernel → invocations that a token takes, of those whose grid grows with the tokens
 * @param toCache rows go behind those of the tokens before
 */
export const growing =
  (perToken: Readonly<Record<string, number>>, toCache = false) =>
  ({ kernel, constants, params }: PassSpec): Runtime => {
    const count = perToken[kernel];
    const said = {
      tokens: 'tokens',
      position: 'position',
      ...(toCache && { out_row: 'position', y_row: 'position' }),
    };
    const share = count === undefined ? null : { of: 'tokens', per: (constants.LANES as number) / count };
    return {
      params: Object.fromEntries(Object.entries(said).filter(([member]) => Object.hasOwn(params, member))),
      workgroups: [share, null, null],
    };
  };
