// Test code: every exhibit of the registry, with its mechanism and all of its controls.

import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { loadMechanisms } from '#gpu/mechanisms/registry.ts';
import { loadView } from '../../mechanisms/load-view.ts';
import type { MechanismView } from '../view.ts';
import { wholeExhibit } from '../whole-view.ts';

export interface WholeExhibit {
  mechanism: Mechanism;
  view: MechanismView;
}

/** @throws for a mechanism of the registry without an exhibit */
export async function wholeExhibits(): Promise<WholeExhibit[]> {
  const shown = [...(await loadMechanisms()).values()].filter(({ role }) => role === 'mechanism');
  return Promise.all(
    shown.map(async (mechanism) => {
      const entry = await loadView(mechanism.id);
      if (!entry) throw new Error(`${mechanism.id} has no exhibit`);
      return { mechanism, view: await wholeExhibit(entry) };
    }),
  );
}
