// The set-up panel: the input, then the mechanism's own controls with ranges that end at this device's limits.

import { lazy, Suspense, useMemo } from 'react';
import type { Config } from '#gpu/mechanisms/mechanism.ts';
import { useConfig, useMechanism, usePage, useSession } from '../state/page.ts';
import { ControlField } from './ControlField.tsx';
import { InputPicker } from './InputPicker.tsx';

const MaskField = lazy(() => import('./MaskField.tsx').then((module) => ({ default: module.MaskField })));

const NO_LIMITS: Record<string, number> = {};

export function SetupPanel() {
  const { mechanism, view } = useMechanism();
  const experiment = useConfig((state) => state.experiment);
  const recording = useSession((state) => state.recording);
  const engine = useSession((state) => state.engine);
  const limits = engine.kind === 'ready' ? engine.adapter.limits : NO_LIMITS;
  const stale = useSession((state) => state.stale);
  // Sizes that a sentence or file decides are known from the last recording; what is changed since stands over it. A recording that is
  // up to date, or that came as a file, is shown as it ran.
  const config = useMemo<Config>(() => {
    const recorded = recording?.mechanism === mechanism?.id ? recording?.config : undefined;
    const chosen = { ...mechanism?.presets[0]?.config, ...recorded, ...experiment.config };
    const asItRan =
      recorded && (recording?.device.origin === 'file' || (!stale && recording?.variant === experiment.variant));
    return asItRan ? { ...chosen, ...recorded } : chosen;
  }, [mechanism, recording, experiment.config, experiment.variant, stale]);
  const controls = view?.controls.filter(({ appliesTo }) => appliesTo?.(experiment.variant, experiment.input) ?? true);
  return (
    <section className="pane setup" aria-label="Set up">
      <div className="pane-body">
        <InputPicker />
        <fieldset className="group">
          <legend>Settings</legend>
          {controls?.map((control) =>
            control.kind === 'mask' ? (
              <Suspense key={control.id} fallback={null}>
                <MaskField control={control} config={config} limits={limits} />
              </Suspense>
            ) : (
              <ControlField key={control.id} control={control} config={config} limits={limits} />
            ),
          )}
          {Object.keys(experiment.config).length > 0 && <ResetSettings />}
        </fieldset>
      </div>
    </section>
  );
}

function ResetSettings() {
  const { config } = usePage();
  return (
    <button type="button" className="button bare small" onClick={() => config.getState().change({ config: {} })}>
      Reset settings
    </button>
  );
}
