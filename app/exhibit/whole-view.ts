// Views with all that draws them, exhibits with all their controls. What was loaded is kept; what could not be is tried again when it is next asked for.

import { NotHere } from '../words/not-here.ts';
import type { AnyView, ExhibitEntry, LaterView, MechanismView, ViewSpec } from './view.ts';

const loading = new WeakMap<LaterView, Promise<ViewSpec>>();
const loaded = new WeakMap<LaterView, ViewSpec>();

/** The view, if its code is here already. */
export function loadedView(view: AnyView): ViewSpec | undefined {
  return 'load' in view ? loaded.get(view) : view;
}

/** The same promise for every call until it fails. @throws NotHere */
export function loadWholeView(view: AnyView): Promise<ViewSpec> {
  if (!('load' in view)) return Promise.resolve(view);
  const known = loading.get(view);
  if (known) return known;
  const promise = view.load().then(
    (whole) => {
      loaded.set(view, whole);
      return whole;
    },
    (error) => {
      loading.delete(view);
      throw new NotHere(`The view “${view.title}”`, error);
    },
  );
  loading.set(view, promise);
  return promise;
}

/** An exhibit with the controls that come later. @throws what kept their code from loading */
export async function wholeExhibit(entry: ExhibitEntry): Promise<MechanismView> {
  const { controls } = entry;
  return { ...entry, controls: Array.isArray(controls) ? controls : await controls() };
}
