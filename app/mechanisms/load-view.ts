// Finds a mechanism's view by its folder, so that adding one needs no list. Each is a chunk of its own, loaded when it is shown.

import type { ExhibitEntry } from '../exhibit/view.ts';

const MODULES = import.meta.glob<Record<string, unknown>>(['./*/exhibit.ts', './*/exhibit.tsx']);

function isView(value: unknown): value is ExhibitEntry {
  return typeof value === 'object' && value !== null && 'views' in value && 'story' in value && 'controls' in value;
}

/** The exhibit exported by app/mechanisms/<id>/exhibit.ts(x); null where there is none. */
export async function loadView(id: string): Promise<ExhibitEntry | null> {
  const load = Object.entries(MODULES).find(([path]) => path.startsWith(`./${id}/`))?.[1];
  const module = await load?.();
  return (module && Object.values(module).find(isView)) ?? null;
}
