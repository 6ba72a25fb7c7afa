// The tree of a parallel scan as recorded, with its counts beside what the algorithm promises.

import { tablesOf } from '#gpu/trace/held.ts';
import { CHANNEL_PICKS } from '../../../exhibit/picked-axes.ts';
import type { Recording } from '../../../exhibit/recording.ts';
import { tree } from '../../../pictures/tree/tree.ts';
import { exactText, plural } from '../../../words/quantities.ts';
import { followedChannel, isParallel, settingsOf } from '../scan-run.ts';

/** Combines and rounds of one tree by formula, with the formulas. */
function promised({ variant }: Recording, lanes: number) {
  const log = Math.log2(lanes);
  return variant === 'blelloch'
    ? { combines: 2 * (lanes - 1), form: '2(n − 1)', rounds: `2 log₂ ${lanes} = ${2 * log}` }
    : { combines: lanes * log - (lanes - 1), form: 'n log₂ n − (n − 1)', rounds: `log₂ ${lanes} = ${log}` };
}

export const scanTree = tree({
  id: 'tree',
  title: 'Tree',
  about:
    'The parallel scan of one state over one tile: a lane per time step, a row per round. Every edge is a combine that was recorded: it joins the stretch of time that ends at the left lane with the one that ends at the right. Time runs to the right, rounds run down.',
  nothing: (run) =>
    isParallel(run)
      ? null
      : 'Only the parallel variants (Hillis and Steele, Blelloch) combine in a tree: choose one to see it.',
  instead: [
    { label: 'Show with Blelloch', variant: 'blelloch' },
    { label: 'Show with Hillis and Steele', variant: 'hillis-steele' },
  ],
  along: 'time',
  lanes: (run) => settingsOf(run).scan,
  joins: { left: 'left', right: 'right', from: 'start' },
  picks: CHANNEL_PICKS,
  fixed: { state: 0 },
  follow: followedChannel,
  words({ edges, lanes, rounds, stretch, stretches, done, inAll }, { run }) {
    const form = promised(run, lanes);
    const here = edges.filter(({ state }) => state !== 'later').length;
    return (
      `Tile ${stretch + 1} of ${stretches}, state 0: ${exactText(here)} of ${exactText(form.combines)} combines (closed form ${form.form}), ` +
      `${plural(rounds, 'round')} deep (closed form ${form.rounds}). ` +
      `Over all channels, states and tiles ${exactText(done)} of ${exactText(inAll)}.`
    );
  },
});

/** Rounds of the first tree: steps in which it was recorded to combine. */
export function treeRounds({ trace }: Recording): number {
  const steps = new Set<number>();
  for (const { table, coordinates } of tablesOf(trace, 'left', ['batch', 'channel', 'state', 'start']))
    table.step.forEach((step, row) => {
      if (coordinates.every((column) => column![row] === 0)) steps.add(step);
    });
  return steps.size;
}
