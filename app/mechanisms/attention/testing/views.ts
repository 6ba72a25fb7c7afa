// Test code: attention's own pictures, as the page shows them and as scenes of a run at a tick.

import type { Place } from '../../../exhibit/place.ts';
import type { Recording } from '../../../exhibit/recording.ts';
import { sceneAt } from '../../../exhibit/testing/scene-at.ts';
import type { ViewSpec } from '../../../exhibit/view.ts';
import { loadWholeView } from '../../../exhibit/whole-view.ts';
import { attentionExhibit } from '../exhibit.ts';
import type { PickedRow } from '../followed-row.ts';
import { headOf, rowPlace, scoreExtents } from '../score-place.ts';
import { tiling } from '../tiling.tsx';

const viewOfId = async (id: string): Promise<ViewSpec> =>
  loadWholeView(attentionExhibit.views.find((view) => view.id === id)!);

export const tilingView = await viewOfId('tiling');
export const memoryView = await viewOfId('memory');

// Scenes are those of a page on which everything has come.
await tiling.later!();

/** The grid after `tick` steps, for the selection or for a row that is picked beside it. */
export function tilingScene(run: Recording, tick: number, place: Place | null, picked?: PickedRow) {
  const scene = sceneAt(tiling, run, tick, { place, before: picked && rowPlace(picked), extents: scoreExtents });
  return { ...scene, ...headOf(scene.at) };
}
