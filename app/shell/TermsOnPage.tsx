// What the cards of terms are told of the page: the recording on the stage, its views, and how to go to one of them or to a line.

import { type ReactNode, useMemo } from 'react';
import { TermsContext } from '../glossary/page-of-terms.ts';
import { useConfig, usePage, useSession, useShown } from '../state/page-context.ts';

export function TermsOnPage({ children }: { children: ReactNode }) {
  const { config, cursor } = usePage();
  const { view } = useShown();
  const present = useConfig(({ arrangement }) => arrangement.present);
  const recording = useSession((state) => state.recording);
  const value = useMemo(
    () => ({
      recording,
      views: view?.views.map(({ id }) => id) ?? [],
      openView: (id: string) => config.getState().arrange({ view: id, table: true }),
      ...(!present && {
        openLine: (line: { kernel: string; line: number }) => cursor.getState().select({ kind: 'line', ...line }),
      }),
    }),
    [recording, view, present, config, cursor],
  );
  return <TermsContext value={value}>{children}</TermsContext>;
}
