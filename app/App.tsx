// The page as a whole: its places, and the stores in reach of every part once they are there.

import { useEffect, useState } from 'react';
import { ErrorBoundary } from './parts/ErrorBoundary.tsx';
import { LaterPart, later } from './parts/LaterPart.tsx';
import { Shell } from './shell/Shell.tsx';
import { TermsOnPage } from './shell/TermsOnPage.tsx';
import { giveBack, noteFault } from './state/last-good.ts';
import { type Page, PageContext } from './state/page-context.ts';
import { isModelsHash } from './state/stores/link-state.ts';
import { NotHere } from './words/not-here.ts';

const MODELS = later('The place where models are built', async () => {
  const [{ ModelsDoor }, { openTensors }] = await Promise.all([
    import('./models/ModelsDoor.tsx'),
    import('./state/open-tensors.ts'),
  ]);
  return { ModelsDoor, openTensors };
});

/** @param boot starts what operations need; the same page every time */
export function App({ boot }: { boot(): Promise<Page> }) {
  const [models, setModels] = useState(() => isModelsHash(location.hash));
  useEffect(() => {
    const follow = () => setModels(isModelsHash(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  if (!models) return <Operations boot={boot} />;
  return (
    <LaterPart
      of={MODELS}
      waiting={<main className="boot-waiting" aria-busy="true" aria-label="Tilescope is starting" />}
    >
      {({ ModelsDoor, openTensors }) => (
        <ModelsDoor
          onOpenTensors={async (brought) => {
            history.pushState(null, '', location.pathname + location.search);
            await openTensors(await boot(), brought);
            setModels(false);
          }}
        />
      )}
    </LaterPart>
  );
}

function Operations({ boot }: { boot(): Promise<Page> }) {
  const [page, setPage] = useState<Page | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  useEffect(() => {
    boot().then(setPage, (error: unknown) => setFailure(error instanceof Error ? error : new Error(String(error))));
  }, [boot]);
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
