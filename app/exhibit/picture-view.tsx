// A picture as the page's view of it: on a canvas that one can point at and walk, with its words, its table, its drawing as SVG, and what
// picks the axes that it shows one index of. The same for every kind of picture.

import { useCallback } from 'react';
import { PenCanvas } from '../pens/PenCanvas.tsx';
import type { Pen } from '../pens/pen.ts';
import { stepWordsOf } from '../words/step-words.ts';
import { AxisPickers } from './AxisPickers.tsx';
import type { Names } from './names.ts';
import { PictureLegend } from './PictureLegend.tsx';
import type { Pick, Picture, PictureState } from './picture.ts';
import { clampIndex, extentsOf, type Place } from './place.ts';
import type { Recording } from './recording.ts';
import { StudyBar } from './StudyBar.tsx';
import type { ViewProps, ViewSpec, ViewState } from './view.ts';
import '../parts/picture-view.css';

/** A picture with what its exhibit calls things. */
interface Shown {
  picture: Picture;
  names: Names;
}

const stateOf = (
  { names }: Shown,
  { recording, tick, selection, following, others, together, study }: ViewState,
): PictureState => ({ run: recording, tick, place: selection, following, others, together, study, names });

const scenes = new WeakMap<Picture, WeakMap<Recording, { state: PictureState; scene: unknown }>>();
const SAME = ['tick', 'following', 'together', 'study'] as const;

/** A place that is followed, and the list of what stands beside a run, are made anew for each that asks for them. */
const isSamePlace = (a: Place | null, b: Place | null) => a === b || JSON.stringify(a) === JSON.stringify(b);
const isSameList = (a: readonly unknown[], b: readonly unknown[]) =>
  a === b || (a.length === b.length && a.every((each, i) => each === b[i]));

/** The scene of a state; picture, words and table of one moment ask for the same. */
function sceneOf({ picture }: Shown, state: PictureState): unknown {
  const ofRuns = scenes.get(picture) ?? new WeakMap<Recording, { state: PictureState; scene: unknown }>();
  scenes.set(picture, ofRuns);
  const last = ofRuns.get(state.run);
  const isSame =
    last &&
    SAME.every((key) => last.state[key] === state[key]) &&
    isSamePlace(last.state.place, state.place) &&
    isSameList(last.state.others, state.others);
  if (isSame) return last.scene;
  const scene = picture.scene(state);
  ofRuns.set(state.run, { state, scene });
  return scene;
}

function summaryOf(shown: Shown, view: ViewState): string {
  const { picture, names } = shown;
  const empty = picture.nothing?.(view.recording);
  if (empty) return empty;
  const state = stateOf(shown, view);
  const words = picture.words(sceneOf(shown, state), state);
  return picture.timeless ? words : `${stepWordsOf(view.recording.trace, view.tick, names.steps)}. ${words}`;
}

/** The place with another index on an axis, its others as they are shown now, as far as the run has them there. */
function pickedPlace(
  { names }: Shown,
  { run, place }: PictureState,
  picks: readonly Pick[],
  axis: string,
  index: number,
) {
  const shownNow = Object.fromEntries(picks.map((pick) => [pick.axis, pick.at]));
  const before = place?.kind === 'at' ? place : { kind: 'at' as const, at: {} };
  const at: Record<string, number> = { ...shownNow, ...before.at, [axis]: index };
  const extents = { ...extentsOf(run), ...names.extents?.(run, at) };
  for (const each of Object.keys(at)) at[each] = clampIndex(at[each]!, extents[each] ?? Number.POSITIVE_INFINITY);
  return { ...before, at };
}

function PictureOf({ shown, ...props }: ViewProps & { shown: Shown }) {
  const { picture } = shown;
  const empty = picture.nothing?.(props.recording);
  if (empty) return <p className="strip-note">{empty}</p>;
  return <DrawnPicture {...props} shown={shown} />;
}

function DrawnPicture({ shown, ...props }: ViewProps & { shown: Shown }) {
  const { picture } = shown;
  const { selection, onSelect, onTick } = props;
  const state = stateOf(shown, props);
  const scene = sceneOf(shown, state);
  const status = picture.status(scene, state);
  const picks = picture.picks?.(scene, state) ?? [];
  const { Face } = picture;
  return (
    <div className={picture.tall ? 'strip-view tall' : 'strip-view'}>
      <AxisPickers
        picks={picks}
        onPick={(axis, index) => onSelect(pickedPlace(shown, state, picks, axis, index))}
        onFollow={() => onSelect(null)}
      />
      {picture.study && state.study && (
        <StudyBar study={picture.study} state={state.study} words={picture.studyWords} run={state.run} />
      )}
      {Face ? (
        <Face
          scene={scene}
          state={state}
          label={summaryOf(shown, props)}
          status={status}
          onPlace={onSelect}
          onTick={onTick}
        />
      ) : (
        <PictureCanvas
          picture={picture}
          scene={scene}
          place={selection}
          label={summaryOf(shown, props)}
          status={status}
          onPlace={onSelect}
        />
      )}
      {!Face && picture.hint && <p className="strip-note">{status || picture.hint}</p>}
      {picture.foot?.(scene, state)}
      {!Face && picture.legend && <PictureLegend entries={picture.legend(scene, state)} />}
    </div>
  );
}

interface PictureCanvasProps {
  picture: Picture;
  scene: unknown;
  place: Place | null;
  label: string;
  status: string;
  onPlace(place: Place | null): void;
}

function PictureCanvas({ picture, scene, place, label, status, onPlace }: PictureCanvasProps) {
  const { base } = picture;
  const live = useCallback((pen: Pen) => picture.draw(pen, scene), [picture, scene]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names everything that the base draws of `scene`
  const below = useCallback((pen: Pen) => base?.draw(pen, scene), [base, base?.key(scene)]);
  return (
    <PenCanvas
      kind={picture.kind}
      base={base && below}
      live={live}
      label={label}
      status={status}
      onPress={({ x, y, width, height }) => {
        const hit = picture.hit(scene, { width, height }, { x, y });
        if (hit) onPlace(hit);
      }}
      onKey={(key) => {
        const next = picture.walk(scene, place, key);
        if (next) onPlace(next);
        return next !== null;
      }}
    />
  );
}

/** The page's view of a picture. */
export function viewOf(picture: Picture, names: Names): ViewSpec {
  const shown: Shown = { picture, names };
  const { id, title, about } = picture;
  const summary = (view: ViewState) => summaryOf(shown, view);
  return {
    id,
    title,
    about,
    summary,
    // biome-ignore lint/correctness/noComponentHookFactories: made once for each picture of an exhibit, never while drawing
    Component: (props) => <PictureOf {...props} shown={shown} />,
    ...(picture.study && { study: picture.study }),
    table(view) {
      const state = stateOf(shown, view);
      return picture.table(sceneOf(shown, state), state);
    },
    legend(view) {
      if (picture.nothing?.(view.recording)) return [];
      const state = stateOf(shown, view);
      return picture.legend?.(sceneOf(shown, state), state) ?? [];
    },
    async svg(view, size, inkOf) {
      const { SvgPen } = await import('../pens/svg-pen.ts');
      const empty = picture.nothing?.(view.recording);
      const scene = empty ? null : sceneOf(shown, stateOf(shown, view));
      const pen = new SvgPen(size.width, scene ? (picture.sheetHeight?.(scene) ?? size.height) : size.height, inkOf);
      if (empty) pen.text(size.width / 2, size.height / 2, empty, '--ink-2', { align: 'center' });
      else {
        picture.base?.draw(pen, scene);
        picture.draw(pen, scene);
      }
      return pen.document(summary(view));
    },
  };
}
