import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { loadView } from './mechanisms/load-view.ts';
import { boot } from './state/boot.ts';
import { keepForOffline } from './state/offline.ts';
import type { Page } from './state/page-context.ts';
import { openEngine } from './state/run/open-engine.ts';
import { isModelsHash } from './state/stores/link-state.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './shell/layout.css';
import './parts/parts.css';
import './shell/stage/stage.css';
import './shell/side-panes.css';
import './shell/narrow.css';

let booting: Promise<Page> | undefined;
/** Operations start when they are first looked at: a link to another place needs none. */
const bootOnce = () => {
  if (booting) return booting;
  booting = boot({ loadView, openEngine });
  if (import.meta.env.PROD) {
    booting.then(
      ({ session, settled }) => settled.then(() => keepForOffline(session, navigator.serviceWorker, document.baseURI)),
      () => {},
    );
  }
  return booting;
};
// Before the page is drawn, as the first picture waits for it.
if (!isModelsHash(location.hash)) void bootOnce().catch(() => {});
createRoot(document.getElementById('root')!).render(<App boot={bootOnce} />);
