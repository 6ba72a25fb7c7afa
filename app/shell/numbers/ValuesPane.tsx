// Values of the run's tensors at the present step, above the counts.

import type { Recording } from '../../exhibit/recording.ts';
import { ValuesPanel } from '../../numbers/values/ValuesPanel.tsx';
import { useCursor, usePage } from '../../state/page-context.ts';
import { useShownTick } from '../../state/playback/shown-tick.ts';
import { tablesToCsv } from '../share/csv.ts';
import { download } from '../share/share.ts';

export function ValuesPane({ recording }: { recording: Recording }) {
  const { cursor } = usePage();
  const selection = useCursor((state) => state.selection);
  const tick = useShownTick();
  const { mechanism, variant } = recording;
  return (
    <ValuesPanel
      recording={recording}
      tick={tick}
      place={selection}
      onSelect={cursor.getState().select}
      onSave={(name, table) =>
        download(`tilescope-${mechanism}-${variant}-${name}.csv`, tablesToCsv([[variant, table]]), 'text/csv')
      }
    />
  );
}
