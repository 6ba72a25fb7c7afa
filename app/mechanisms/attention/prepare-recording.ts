// Everything that pictures and story keep per recording, made before it takes the stage.

import type { Sliced } from '#gpu/core/sliced.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { followedRow } from './followed-row.ts';
import { sliceCoverage } from './story.ts';
import { sliceTileIndex } from './tile-index.ts';

/** Fills the caches of `recording`; the views find them when they are drawn. */
export function* prepareRecording(recording: Recording): Sliced<void> {
  yield* sliceTileIndex(recording);
  yield* sliceCoverage(recording);
  followedRow(recording, 0);
}
