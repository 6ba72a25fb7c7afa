// The page as a whole: puts the stores in reach of every part once they are there.

import { useEffect, useState } from 'react';
import { ErrorBoundary } from './parts/ErrorBoundary.tsx';
import { Shell } from './shell/Shell.tsx';
import { TermsOnPage } from './shell/TermsOnPage.tsx';
import { giveBack, noteFault } from './state/last-good.ts';
import { type Page, PageContext } from './state/page-context.ts';
import { NotHere } from './words/not-here.ts';

export function App({ booting }: { booting: Promise<Page> }) {
  const [page, setPage] = useState<Page | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  useEffect(() => {
    booting.then(setPage, (error: unknown) => setFailure(error instanceof Error ? error : new Error(String(error))));
  }, [booting]);
  if (failure !== null) {
    return (
      <main className="boot-failure">
        <h1>{failure instanceof NotHere ? 'This page needs the network' : 'Tilescope could not start'}</h1>
        <p>{failure.message}</p>
        <a href="./">Open the page without its link</a>
      </main>
    );
  }
  if (!page) return <main className="boot-waiting" aria-busy="true" aria-label="Tilescope is starting" />;
  return (
    <ErrorBoundary what="The page" onFault={() => noteFault(page)} onBack={() => giveBack(page)}>
      <PageContext value={page}>
        <TermsOnPage>
          <Shell />
        </TermsOnPage>
      </PageContext>
    </ErrorBoundary>
  );
}
