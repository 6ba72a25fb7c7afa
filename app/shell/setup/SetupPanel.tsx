// The set-up panel: the input, then the mechanism's own controls with ranges that end at this device's limits.

import { useMemo } from 'react';
import type { Config } from '#gpu/mechanisms/mechanism.ts';
import { LaterPart, later } from '../../parts/LaterPart.tsx';
import { useConfig, useMechanism, usePage, useSession } from '../../state/page-context.ts';
import { inputKindOf } from '../../state/run/sentence-input.ts';
import { mostMoved, watchableEnd } from '../../state/run/watch-limits.ts';
import { countText, exactText } from '../../words/quantities.ts';
import { ControlField } from './ControlField.tsx';
import { InputPicker } from './InputPicker.tsx';
import { shownConfig } from './shown-config.ts';

const MASK_FIELD = later('This setting', async () => (await import('./MaskField.tsx')).MaskField);

const NO_LIMITS: Record<string, number> = {};

export function SetupPanel() {
  const { card, mechanism, view } = useMechanism();
  const experiment = useConfig((state) => state.experiment);
  const recording = useSession((state) => state.recording);
  const engine = useSession((state) => state.engine);
  const limits = engine.kind === 'ready' ? engine.adapter.limits : NO_LIMITS;
  const stale = useSession((state) => state.stale);
  const failed = useSession((state) => state.run.kind === 'failed');
  const config = useMemo(
    () => shownConfig(card, recording, experiment, !stale && !failed),
    [card, recording, experiment, stale, failed],
  );
  const isSoftware = engine.kind === 'ready' && engine.adapter.isSoftware;
  const input = inputKindOf(experiment, view);
  const controls = view?.controls.filter(({ appliesTo }) => appliesTo?.(experiment.variant, input) ?? true);
  const { variant } = experiment;
  const ends = useMemo(() => {
    const found = new Map<string, { most: number; reason: string }>();
    if (!mechanism || limits === NO_LIMITS) return found;
    // As a run of random input takes it: the sizes of the first preset under what was set.
    const asked: Config = { ...mechanism.presets[0]?.config, ...experiment.config };
    for (const control of view?.controls ?? []) {
      if (!control.lengthens) continue;
      const { max } = control.range(config, limits);
      const most = watchableEnd(control, max, { mechanism, variant, config: asked, limits, isSoftware });
      if (most !== null) found.set(control.id, { most, reason: endReason(most, isSoftware) });
    }
    return found;
  }, [mechanism, view, variant, config, experiment.config, limits, isSoftware]);
  return (
    <section className="pane setup" aria-label="Set up">
      <div className="pane-body">
        <InputPicker />
        <fieldset className="group">
          <legend>Settings</legend>
          {controls?.map((control) =>
            control.kind === 'mask' ? (
              <LaterPart key={control.id} of={MASK_FIELD}>
                {(MaskField) => <MaskField control={control} config={config} limits={limits} />}
              </LaterPart>
            ) : (
              <ControlField
                key={control.id}
                control={control}
                config={config}
                limits={limits}
                end={ends.get(control.id)}
              />
            ),
          )}
          {Object.keys(experiment.config).length > 0 && <ResetSettings />}
        </fieldset>
      </div>
    </section>
  );
}

const endReason = (most: number, isSoftware: boolean) =>
  `beyond ${exactText(most)} a recording moves more than the ${countText(mostMoved(isSoftware))} numbers at which it stops ${isSoftware ? 'in software' : 'on a GPU'}`;

function ResetSettings() {
  const { config } = usePage();
  return (
    <button type="button" className="button bare small" onClick={() => config.getState().change({ config: {} })}>
      Reset settings
    </button>
  );
}
