// A picture as the page's view of it: on a canvas that one can point at and walk, with its words, its table, its drawing as SVG, and what
// picks the axes that it shows one index of. The same for every kind of picture.

import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { PenCanvas } from '../pens/PenCanvas.tsx';
import type { Pen } from '../pens/pen.ts';
import { stepWordsOf } from '../words/step-words.ts';
import { AxisPickers } from './AxisPickers.tsx';
import type { Names } from './names.ts';
import { PictureLegend } from './PictureLegend.tsx';
import { allExtents } from './picked-axes.ts';
import type { Pick, Picture, PictureState } from './picture.ts';
import { clampIndex, type Place } from './place.ts';
import type { Recording } from './recording.ts';
import type { ViewProps, ViewSpec, ViewState } from './view.ts';
import '../parts/picture-view.css';

const StudyBar = lazy(() => import('./StudyBar.tsx').then((module) => ({ default: module.StudyBar })));

/** A picture with what its exhibit calls things. */
interface Shown {
  picture: Picture;
  names: Names;
}

/** Where nothing is followed in place of a selection, it is the same state whether that is said or not. */
const stateOf = (
  { names }: Shown,
  { recording, tick, selection, following, others, together, study, fill }: ViewState,
  before?: Place,
): PictureState => ({
  run: recording,
  tick,
  place: selection,
  following: following === true && selection !== null,
  before,
  others,
  together,
  study,
  fill: fill || undefined,
  names,
});

const scenes = new WeakMap<Picture, WeakMap<Recording, { state: PictureState; scene: unknown }>>();
const SAME = ['tick', 'following', 'before', 'together', 'study', 'fill'] as const;

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
  const extents = allExtents(run, names, at);
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
  useLater(picture);
  const state = stateOf(shown, props, usePlaceBefore(selection));
  const scene = sceneOf(shown, state);
  const status = picture.status(scene, state);
  const picks = picture.picks?.(scene, state) ?? [];
  const fills = picture.fills?.(scene) ?? [];
  const { Face } = picture;
  const drawn = (
    <div className={picture.tall ? 'strip-view tall' : 'strip-view'}>
      <AxisPickers
        picks={picks}
        onPick={(axis, index) => onSelect(pickedPlace(shown, state, picks, axis, index))}
        onFollow={() => onSelect(null)}
      >
        {props.onFill && fills.length > 0 && <FillPicker fills={fills} fill={props.fill} onFill={props.onFill} />}
      </AxisPickers>
      {picture.study && state.study && (
        <Suspense fallback={<div className="study-bar" />}>
          <StudyBar study={picture.study} state={state.study} words={picture.studyWords} run={state.run} />
        </Suspense>
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
  if (!picture.beside) return drawn;
  return (
    <div className="picture-beside">
      <div className="picture-beside__row">
        {drawn}
        {picture.beside(scene, state, onTick)}
      </div>
    </div>
  );
}

/** Draws anew once the rest of the picture's code is there. */
function useLater(picture: Picture): void {
  const [, draw] = useState<object>();
  useEffect(() => {
    picture.later?.().then(
      () => {
        scenes.delete(picture);
        draw({});
      },
      // It goes on without; what is asked for next tries again.
      () => undefined,
    );
  }, [picture]);
}

/** The place on axes that was selected last, while what is selected is on none: the picture stays where it was. */
function usePlaceBefore(place: Place | null): Place | undefined {
  const last = useRef<Place | null>(null);
  if (place === null || place.kind === 'at') last.current = place;
  return place?.kind === 'at' ? undefined : (last.current ?? undefined);
}

interface FillPickerProps {
  fills: readonly { id: string; title: string }[];
  fill?: string;
  onFill(id: string): void;
}

function FillPicker({ fills, fill, onFill }: FillPickerProps) {
  const at = fills.find(({ id }) => id === fill) ?? fills[0]!;
  return (
    <label className="axis-picker fill-picker">
      Fill tiles with
      <select value={at.id} onChange={({ target }) => onFill(target.value === fills[0]!.id ? '' : target.value)}>
        {fills.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
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
  const key = base?.key(scene) ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names everything that the base draws of `scene`
  const below = useCallback((pen: Pen) => base?.draw(pen, scene), [base, key]);
  return (
    <PenCanvas
      kind={picture.kind}
      base={key === null ? undefined : below}
      live={live}
      label={label}
      status={status}
      onPress={({ x, y, width, height }) => {
        const hit = picture.hit(scene, { width, height }, { x, y });
        if (hit) onPlace(hit);
      }}
      onKey={(key, { shiftKey }) => {
        const next = picture.walk(scene, place, key, shiftKey);
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
    ...(picture.nothing && { nothing: picture.nothing }),
    ...(picture.instead && { instead: picture.instead }),
    ...(picture.timeless && { timeless: picture.timeless }),
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
      await picture.later?.();
      const empty = picture.nothing?.(view.recording);
      const scene = empty ? null : sceneOf(shown, stateOf(shown, view));
      const pen = new SvgPen(
        size.width,
        scene ? (picture.sheetHeight?.(scene, size.height) ?? size.height) : size.height,
        inkOf,
      );
      if (empty) pen.text(size.width / 2, size.height / 2, empty, '--ink-2', { align: 'center' });
      else {
        picture.base?.draw(pen, scene);
        picture.draw(pen, scene);
      }
      return pen.document(summary(view));
    },
  };
}
