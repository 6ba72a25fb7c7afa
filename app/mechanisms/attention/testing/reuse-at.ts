// Test code: the reuse picture as its panels say it.

import type { Place } from '../../../exhibit/place.ts';
import type { Recording } from '../../../exhibit/recording.ts';
import { sceneAt } from '../../../exhibit/testing/scene-at.ts';
import { spreadOf } from '../../../words/magnitude.ts';
import { reuse } from '../reuse.ts';
import { attentionNames } from './names.ts';

export function reuseScene(run: Recording, tick: number, place: Place | null, together?: readonly Recording[]) {
  const scene = sceneAt(reuse, run, tick, { place, together, names: attentionNames });
  const rowsIn = (kind: 'now' | 'linked') =>
    scene.panels.map(({ regions }) => regions.find((region) => region.kind === kind)?.rows ?? null);
  return {
    scene,
    most: scene.panels[0]?.scale.most,
    lit: rowsIn('now'),
    linked: rowsIn('linked'),
    panels: scene.panels.map(({ values, ...panel }, i) => {
      const [buffer, verb] = scene.specs[i]!.id.split(' ');
      return { ...panel, ...spreadOf(values), counts: values, buffer, verb };
    }),
  };
}

/** What the picture says of it. */
export const reuseSummary = ({ scene }: ReturnType<typeof reuseScene>) =>
  reuse.words(scene, { run: scene.run, tick: 0, place: null, others: [], names: attentionNames });
