// Views with all that draws them. What was loaded is kept; what could not be is tried again when it is next asked for.

import type { AnyView, LaterView, ViewSpec } from './view.ts';

const loading = new WeakMap<LaterView, Promise<ViewSpec>>();
const loaded = new WeakMap<LaterView, ViewSpec>();

/** The view, if its code is here already. */
export function loadedView(view: AnyView): ViewSpec | undefined {
  return 'load' in view ? loaded.get(view) : view;
}

/** The same promise for every call until it fails. @throws what kept the code from loading */
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
      throw error;
    },
  );
  loading.set(view, promise);
  return promise;
}
