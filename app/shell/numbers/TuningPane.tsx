// The tuning of the kernel on the stage, below its times; nothing where it has no constants to choose.

import { TuningPanel } from '../../numbers/TuningPanel.tsx';
import type { WorkState } from '../../parts/work-state.ts';
import { usePage, useSession } from '../../state/page-context.ts';

export function TuningPane({ work }: { work: WorkState }) {
  const { config, controller } = usePage();
  const tuned = useSession((state) => state.tuned);
  if (!tuned) return null;
  const { changeConfig } = config.getState();
  // What was measured before is no old result while nothing new is under way.
  const state: WorkState = work.kind === 'empty' && tuned.result ? { kind: 'ready' } : work;
  return (
    <TuningPanel
      tuned={tuned}
      state={state}
      onTune={controller.tune}
      onForget={controller.forgetTuning}
      onPin={() => changeConfig({ tuning: tuned.used, ...(tuned.form ? { form: tuned.form.id } : {}) })}
      onUnpin={() => changeConfig({ tuning: undefined, form: undefined })}
    />
  );
}
