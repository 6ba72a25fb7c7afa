// A picture, its line of words and its name for screen readers are of one scene, made once.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { FaceProps, Picture, PictureState } from '../../exhibit/picture.ts';
import { viewOf } from '../../exhibit/picture-view.tsx';
import type { Place } from '../../exhibit/place.ts';
import { recordWalk } from '../../mechanisms/attention/testing/traced-walk.ts';
import { type Page, PageContext } from '../../state/page-context.ts';
import { createConfigStore } from '../../state/stores/config-store.ts';
import { createCursorStore } from '../../state/stores/cursor-store.ts';
import { createSessionStore } from '../../state/stores/session-store.ts';
import { ViewPicture, ViewSummary } from './ViewPicture.tsx';

const recording = recordWalk({ nq: 8, nk: 12, br: 2, bc: 3, headDim: 4, visits: () => [0, 1, 2, 3] });
const beside = { ...recording, id: 'beside', variant: 'standard' };
const together = [recording, beside];

const Label = ({ label }: FaceProps<PictureState>) => label;

/** Draws both runs as the stage does. @returns the states of which a scene was made */
function drawn(follow: (tick: number) => Place): PictureState[] {
  const made: PictureState[] = [];
  const picture: Picture<PictureState> = {
    id: 'made',
    title: 'Made',
    about: '',
    kind: 'picture',
    scene: (state) => {
      made.push(state);
      return state;
    },
    draw: () => {},
    hit: () => null,
    walk: () => null,
    words: ({ run }) => `words of ${run.id}`,
    status: () => '',
    table: () => ({ columns: [], rows: [] }),
    Face: Label,
  };
  const view = viewOf(picture, { lookOf: () => ({}) as never, steps: {}, variants: {} });
  const page = {
    config: createConfigStore(),
    session: createStore(() => ({ ...createSessionStore().getState(), recording, others: [beside] })),
    cursor: createStore(() => ({ ...createCursorStore().getState(), tick: 3, length: recording.trace.steps.length })),
  };
  const shown = { view, together };
  const text = renderToStaticMarkup(
    <PageContext value={page as unknown as Page}>
      <ViewSummary {...shown} recording={recording} />
      <ViewPicture {...shown} recording={recording} />
      <ViewSummary {...shown} recording={beside} along follow={follow} />
      <ViewPicture {...shown} recording={beside} along follow={follow} />
    </PageContext>,
  );
  expect(text.match(/words of beside/g)!.length).toBeGreaterThanOrEqual(2);
  return made;
}

test('side by side, each run has one scene for its picture and all of its words', () => {
  const made = drawn(() => ({ kind: 'at', at: { head: 0, row: 2 } }));
  expect(made.map(({ run }) => run.id)).toEqual([recording.id, 'beside']);
  // Only what has a place in place of a selection follows the run.
  for (const state of made) expect(state).toMatchObject({ together, following: state.place !== null });
});
