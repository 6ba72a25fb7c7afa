// What the cards of terms are told of the page: whose words are spoken, the recording on the stage, its views, and how to go to one of them
// or to a line.

import { type ReactNode, useMemo } from 'react';
import { TermsContext } from '../glossary/page-of-terms.ts';
import { generalTerms } from '../glossary/terms/general.ts';
import { useConfig, useMechanism, usePage, useSession, useShown } from '../state/page-context.ts';

export function TermsOnPage({ children }: { children: ReactNode }) {
  const { config, cursor } = usePage();
  const { view } = useShown();
  const { view: chosen } = useMechanism();
  const spoken = useMemo(() => [...(view?.terms ?? []), generalTerms], [view]);
  const present = useConfig(({ arrangement }) => arrangement.present);
  const recording = useSession((state) => state.recording);
  const value = useMemo(
    () => ({
      recording,
      spoken,
      known: [...spoken, ...(chosen?.terms ?? [])],
      views: view?.views.map(({ id }) => id) ?? [],
      openView: (id: string) => config.getState().arrange({ view: id, table: true }),
      ...(!present && {
        openLine: (line: { kernel: string; line: number }) => cursor.getState().select({ kind: 'line', ...line }),
      }),
    }),
    [recording, view, chosen, spoken, present, config, cursor],
  );
  return <TermsContext value={value}>{children}</TermsContext>;
}
