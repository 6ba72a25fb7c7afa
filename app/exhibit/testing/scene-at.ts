// Test code: the scene of a picture and its words, without a page around it.

import { looksOf, type Names } from '../names.ts';
import type { Picture, PictureState } from '../picture.ts';
import type { Recording } from '../recording.ts';

const NAMES: Names = { lookOf: looksOf({}), steps: {}, variants: {} };

/** `extents`: the exhibit's. */
type More = Partial<Omit<PictureState, 'run' | 'tick'>> & Pick<Names, 'extents'>;

const stateAt = (run: Recording, tick: number, { extents, ...more }: More): PictureState => ({
  place: null,
  others: [],
  names: { ...NAMES, extents },
  ...more,
  run,
  tick,
});

export function sceneAt<Scene>(
  picture: Pick<Picture<Scene>, 'scene'>,
  run: Recording,
  tick: number,
  more: More = {},
): Scene {
  return picture.scene(stateAt(run, tick, more));
}

export function wordsAt<Scene>(
  picture: Pick<Picture<Scene>, 'scene' | 'words'>,
  run: Recording,
  tick: number,
  more: More = {},
): string {
  const state = stateAt(run, tick, more);
  return picture.words(picture.scene(state), state);
}
