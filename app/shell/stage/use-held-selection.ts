// Only what the run on the stage has stays selected.

import { useEffect } from 'react';
import type { Recording } from '../../exhibit/recording.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import { dropUnheldSelection } from '../../state/link/unknown-parts.ts';
import { useCursor, usePage } from '../../state/page-context.ts';
import { orTell } from '../../state/stores/notices.ts';

export function useHeldSelection(view: MechanismView | undefined, recording: Recording | null): void {
  const page = usePage();
  const selection = useCursor((state) => state.selection);
  useEffect(() => {
    if (selection && recording && view) orTell(page.session, dropUnheldSelection(page, view, recording));
  }, [view, recording, selection, page]);
}
