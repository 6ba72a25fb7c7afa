import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { loadView } from './mechanisms/load-view.ts';
import { boot } from './state/boot.ts';
import { keepForOffline } from './state/offline.ts';
import { openEngine } from './state/run/open-engine.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './shell/layout.css';
import './parts/parts.css';
import './shell/stage/stage.css';
import './shell/side-panes.css';
import './shell/narrow.css';

const booting = boot({ loadView, openEngine });
createRoot(document.getElementById('root')!).render(<App booting={booting} />);
if (import.meta.env.PROD) {
  void booting.then(
    ({ session, settled }) => settled.then(() => keepForOffline(session, navigator.serviceWorker, document.baseURI)),
    () => {},
  );
}
