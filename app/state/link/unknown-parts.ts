// What a link names and the page does not have is dropped, and said.

import { NO_VIEW, stageViews } from '../../exhibit/picked-view.ts';
import { isHeld } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import type { Page } from '../page-context.ts';
import { complain } from '../stores/notices.ts';

/** Views that this exhibit does not have: its first ones take their place. */
export function dropUnknownViews({ session, config }: Pick<Page, 'session' | 'config'>, view: MechanismView): void {
  const { view: wanted, below } = config.getState().arrangement;
  const ids = stageViews(view).map(({ id }) => id);
  const limit = `one of ${ids.join(', ')}`;
  if (wanted !== '' && !ids.includes(wanted)) {
    complain(session, { field: 'view', value: wanted, limit, used: ids[0] ?? 'none' });
    config.getState().arrange({ view: '' });
  }
  if (below !== '' && below !== NO_VIEW && !ids.includes(below)) {
    complain(session, { field: 'second view', value: below, limit, used: ids[1] ?? 'none' });
    config.getState().arrange({ below: '' });
  }
}

/** A selection that the run on the stage does not have: where a link brought it that is said; one made on the page before just ends. */
export async function dropUnheldSelection(
  { session, cursor }: Pick<Page, 'session' | 'cursor'>,
  view: MechanismView,
  recording: Recording,
): Promise<void> {
  const { selection, isLinked, select } = cursor.getState();
  if (!selection) return;
  if (isHeld(recording, selection, view.extents?.(recording, selection.kind === 'at' ? selection.at : {}))) return;
  select(null);
  if (!isLinked) return;
  // Named as links name it; what writes them comes after the first picture.
  const { encodePlace } = await import('./url-place.ts');
  complain(session, { field: 'selection', value: encodePlace(selection), limit: 'what this run has', used: 'none' });
}
