// The button of the files that can be saved; what makes them comes when it is pressed.

import type { AnyView } from '../../exhibit/view.ts';
import { LaterPart, later } from '../../parts/LaterPart.tsx';
import { Popover } from '../../parts/Popover.tsx';
import { useSession } from '../../state/page-context.ts';

const ITEMS = later('The list of files', async () => (await import('./ExportItems.tsx')).ExportItems);

/** Of its card, so that a command can open it. */
export const EXPORT_MENU = 'export-menu';

export function ExportMenu({ view }: { view: AnyView | undefined }) {
  const recording = useSession((state) => state.recording);
  if (!recording) {
    return (
      <button type="button" className="button" disabled>
        Export
      </button>
    );
  }
  return (
    <Popover id={EXPORT_MENU} label="Export">
      {(close) => (
        <LaterPart of={ITEMS} waiting={<p className="quiet">Loading …</p>}>
          {(ExportItems) => <ExportItems recording={recording} view={view} close={close} />}
        </LaterPart>
      )}
    </Popover>
  );
}
