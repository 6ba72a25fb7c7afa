// How well selective copying does on fresh streams, with selection and without: the list of runs that the test has, run on this device.

import { copyFreshStreams, FRESH_SIZES } from '#gpu/mechanisms/selective-scan/fresh-streams.ts';
import { BAR_COLUMNS, bars } from '../../../pictures/bars/bars.ts';

const { dim, dstate, seqlen } = FRESH_SIZES;

export const accuracy = bars({
  id: 'accuracy',
  title: 'Accuracy',
  about: `Selective copying with the hand-built weights of the presets, on streams that no preset uses: ${seqlen} time steps with ${dstate} tokens of ${dim} symbols to remember, asked for at the end. S6 chooses Δ, B and C for every token; S4 holds them at their mean, with all other weights the same. Counted here, by running the kernel as shipped.`,
  study: {
    id: 'accuracy',
    columns: BAR_COLUMNS,
    label: 'Fresh streams through the fused scan',
    async run(engine, signal, onRow) {
      const runs = copyFreshStreams(async (config, inputs) => {
        const experiment = { mechanism: 'selective-scan', variant: 'sequential', config };
        return (await engine.run(experiment, { inputs, signal })).outputs;
      });
      for await (const { mode, seed, right, asked, share } of runs) {
        onRow({ group: mode, run: `seed ${seed}`, right, asked }, share);
      }
      return null;
    },
  },
  groups: [
    { id: 's6', short: 'S6', title: 'S6: Δ opens for what is to be remembered', ink: '--tone-content', pattern: null },
    { id: 's4', short: 'S4', title: 'S4: the same Δ, B and C for all', ink: '--tone-output', pattern: 'hatch' },
  ],
  runs: 'Fresh streams, which no preset uses,',
  asked: 'tokens to remember in fresh streams',
  guess: 1 / dim,
});
