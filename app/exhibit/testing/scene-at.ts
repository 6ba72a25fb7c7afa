// Test code: the scene of a picture, without a page around it.

import { looksOf, type Names } from '../names.ts';
import type { Picture, PictureState } from '../picture.ts';
import type { Recording } from '../recording.ts';

const NAMES: Names = { lookOf: looksOf({}), steps: {}, variants: {} };

export function sceneAt<Scene>(
  picture: Pick<Picture<Scene>, 'scene'>,
  run: Recording,
  tick: number,
  more: Partial<Omit<PictureState, 'run' | 'tick'>> = {},
): Scene {
  return picture.scene({ place: null, others: [], names: NAMES, ...more, run, tick });
}
