// How well the induction block does on fresh streams, with selection and without: the list of runs that the test has, run on this device.

import {
  FRESH_LENGTH,
  FRESH_LONG,
  FRESH_SYMBOLS,
  inductionFreshStreams,
} from '#gpu/mechanisms/mamba-block/fresh-streams.ts';
import { BAR_COLUMNS, bars } from '../../pictures/bars/bars.ts';
import { exactText } from '../../words/quantities.ts';

const long = exactText(FRESH_LONG);

export const accuracy = bars({
  id: 'accuracy',
  title: 'Accuracy',
  about: `Induction with the hand-built weights of the presets, on streams that no preset uses: ${FRESH_LENGTH} tokens of ${FRESH_SYMBOLS} symbols, and ${long}. The last token is a marker that stood once before, and the right answer is what followed it then. S6 chooses Δ, B and C for every token; S4 holds them at their mean. Counted here, by running the kernels as shipped.`,
  study: {
    id: 'accuracy',
    columns: BAR_COLUMNS,
    label: 'Fresh streams through the block',
    async run(engine, signal, onRow) {
      const runs = inductionFreshStreams(async (config, inputs) => {
        const experiment = { mechanism: 'mamba-block', variant: 'fused', config };
        return (await engine.run(experiment, { inputs, signal })).outputs;
      });
      for await (const { mode, length, seed, right, asked, share } of runs) {
        const group = length === FRESH_LONG ? 'long' : mode;
        onRow({ group, run: `seed ${seed}`, right, asked }, share);
      }
      return null;
    },
  },
  groups: [
    { id: 's6', short: 'S6', title: `S6, ${FRESH_LENGTH} tokens`, ink: '--tone-content', pattern: null },
    { id: 's4', short: 'S4', title: `S4, ${FRESH_LENGTH} tokens`, ink: '--tone-output', pattern: 'hatch' },
    {
      id: 'long',
      short: `S6 over ${long} tokens`,
      title: `S6, ${long} tokens`,
      ink: '--tone-content',
      pattern: 'dots',
    },
  ],
  runs: 'Fresh streams, which no preset uses,',
  asked: 'markers in fresh streams',
  guess: 1 / FRESH_SYMBOLS,
});
