// The part of the chain that records other variants on the input of the run on the stage.

import type { Engine } from '#gpu/runtime/api.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import type { Chain } from '../run/chain.ts';
import { assertWatchable, prepareRun } from '../run/prepared-run.ts';
import type { RecordRun } from '../run/record-run.ts';
import { companions } from '../run/runs-beside.ts';
import { configFor } from '../run/settings-of-variant.ts';
import type { Stage } from '../run/stage.ts';
import { isAborted } from '../stores/problems.ts';
import type { SessionStore } from '../stores/session-store.ts';
import type { Tuning } from './tune-kernel.ts';

export interface ComparingParts {
  session: SessionStore;
  chain: Chain;
  stage: Stage;
  tuning: Pick<Tuning, 'apply'>;
  record: RecordRun;
  viewOf(mechanism: string): MechanismView | undefined;
}

export function createComparing({ session, chain, stage, tuning, record, viewOf }: ComparingParts) {
  return async function compare(engine: Engine): Promise<void> {
    const { run } = stage;
    if (!run) return;
    const { experiment, given } = run;
    const { mechanism } = run.prepared;
    const view = viewOf(mechanism.id);
    const hasOwn = mechanism.variants.some(({ id }) => configFor(view, experiment, id).without.length > 0);
    const wanted = companions(mechanism, experiment, hasOwn);
    if (wanted.length === 0) return;
    const { limits, isSoftware } = engine.adapter;
    await chain.during('comparison', `Recording ${wanted.join(' and ')} for comparison`, async (signal) => {
      let refused: unknown;
      for (const variant of wanted) {
        try {
          const { config, without } = configFor(view, experiment, variant);
          const untuned = prepareRun(mechanism, { ...experiment, config }, variant, given, limits, without);
          const prepared = await tuning.apply(engine, untuned, config);
          assertWatchable(prepared, isSoftware);
          const recording = await record(engine, prepared, signal);
          run.companions.push(prepared);
          session.setState(({ others }) => ({ others: [...others, recording] }));
        } catch (error) {
          if (isAborted(error)) throw error;
          refused ??= error;
        }
      }
      if (refused) throw refused;
    });
  };
}
