// A selection that the run on the stage does not have (from a link, or made before a size shrank) is dropped, and said.

import { useEffect } from 'react';
import { isHeld } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import { encodePlace } from '../../state/link/url-place.ts';
import { useCursor, usePage } from '../../state/page-context.ts';

export function useHeldSelection(view: MechanismView | undefined, recording: Recording | null): void {
  const { session, cursor } = usePage();
  const selection = useCursor((state) => state.selection);
  useEffect(() => {
    if (!selection || !recording || !view) return;
    if (isHeld(recording, selection, view.extents?.(recording, selection.kind === 'at' ? selection.at : {}))) return;
    cursor.getState().select(null);
    const complaint = {
      field: 'selection',
      value: encodePlace(selection),
      limit: 'what this run has',
      used: 'none',
    };
    session.setState(({ complaints }) => ({ complaints: [...complaints, complaint] }));
  }, [view, recording, selection, session, cursor]);
}
