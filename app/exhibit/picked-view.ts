// Which views stand on the stage: the first by the tabs, the second below it. The source view has a pane of its own.

import type { AnyView, MechanismView } from './view.ts';

export const SOURCE_VIEW = 'source';
export const NO_VIEW = 'none';

/** Views that the stage offers, in the mechanism's order. */
export function stageViews(view: MechanismView | undefined): AnyView[] {
  return view?.views.filter(({ id }) => id !== SOURCE_VIEW) ?? [];
}

export function mainView(view: MechanismView | undefined, wanted: string): AnyView | undefined {
  const offered = stageViews(view);
  return offered.find(({ id }) => id === wanted) ?? offered[0];
}

/** The view below; never the one that is on top already. */
export function secondView(
  view: MechanismView | undefined,
  wanted: string,
  main: AnyView | undefined,
): AnyView | undefined {
  if (wanted === NO_VIEW) return undefined;
  const offered = stageViews(view);
  const chosen = offered.find(({ id }) => id === wanted) ?? offered[1];
  return chosen?.id === main?.id ? offered.find(({ id }) => id !== main?.id) : chosen;
}

/** The compared recording's cursor that stands as far along as the first's: one playhead for both. */
export function tickAlong(tick: number, length: number, otherLength: number): number {
  if (length === 0) return 0;
  return tick >= length ? otherLength : Math.floor((tick * otherLength) / length);
}
