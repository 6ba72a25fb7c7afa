// The arrangement of the page: bar, set-up, stage, kernel and numbers, playback; panes side by side where there is room, tabs on a
// phone, the stage alone in presentation.

import { type ComponentType, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { mainView } from '../exhibit/picked-view.ts';
import { type Later, LaterPart, later } from '../parts/LaterPart.tsx';
import { Tabs } from '../parts/Tabs.tsx';
import { NEXT_THEME, useMedia, useTheme } from '../parts/theme.ts';
import { type Page, useConfig, useCursor, usePage, useShown } from '../state/page-context.ts';
import { GALLERY_HASH } from '../state/stores/link-state.ts';
import { orTell, tell } from '../state/stores/notices.ts';
import { ActionButton, Actions } from './ActionButton.tsx';
import type { ActionContext, PageParts } from './actions.ts';
import { CompareSelect, PresetSelect, VariantSelect } from './ExperimentSelects.tsx';
import { KernelPane } from './kernel/KernelPane.tsx';
import { handleKey } from './keyboard.ts';
import { NumbersPane } from './numbers/NumbersPane.tsx';
import { Part, useLastGood } from './Part.tsx';
import { SetupPanel } from './setup/SetupPanel.tsx';
import { EXPORT_MENU } from './share/ExportMenu.tsx';
import { useShare } from './share/ShareButton.tsx';
import { linkState } from './share/share.ts';
import { PlaybackBar } from './stage/PlaybackBar.tsx';
import { Splitter } from './stage/Splitter.tsx';
import { Stage } from './stage/Stage.tsx';
import { TopBar } from './TopBar.tsx';

const QUESTION = later(
  'The question about the kernel code of this link',
  async () => (await import('./kernel/EditedLinkDialog.tsx')).EditedLinkDialog,
);

export function Shell() {
  const page = usePage();
  const { view } = useShown();
  const arrangement = useConfig((state) => state.arrangement);
  const [dialog, openDialog, closeDialog] = useDialog(page);
  const [theme, setTheme] = useTheme();
  const shared = useShare(page);
  const context: ActionContext = useMemo(
    () => ({
      page,
      parts: {
        openDialog,
        openExport: () => document.getElementById(EXPORT_MENU)?.showPopover(),
        share: () => orTell(page.session, shared.share()),
        nextTheme: () => setTheme(NEXT_THEME[theme]),
        fullScreen: FULL_SCREEN,
      },
    }),
    [page, openDialog, shared, theme, setTheme],
  );
  const asks = useConfig(({ pendingSources }) => pendingSources !== null);
  const narrow = useMedia('(max-width: 819px)');

  useAddress(page);
  useLastGood();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && handleKey(event, context)) event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [context]);
  useEffect(() => {
    document.documentElement.dataset.present = arrangement.present ? 'on' : 'off';
  }, [arrangement.present]);
  useEffect(() => {
    const open = () => location.hash === GALLERY_HASH && openDialog('gallery');
    open();
    window.addEventListener('hashchange', open);
    return () => window.removeEventListener('hashchange', open);
  }, [openDialog]);
  const dropping = useFileDrop();

  return (
    <Actions value={context}>
      <div className={dropping ? 'page dropping' : 'page'}>
        {!arrangement.present && <TopBar view={mainView(view, arrangement.view)} theme={theme} shared={shared} />}
        {arrangement.present ? <Presentation /> : narrow ? <PhonePanes /> : <DesktopPanes />}
        {asks && <LaterPart of={QUESTION}>{(EditedLinkDialog) => <EditedLinkDialog />}</LaterPart>}
        {dialog && <dialog.Part open onClose={closeDialog} />}
      </div>
    </Actions>
  );
}

/** Some browsers on phones have none. */
const FULL_SCREEN: PageParts['fullScreen'] = {
  isPossible: document.fullscreenEnabled === true,
  toggle() {
    const change = document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen();
    // A browser may refuse, and then the page stays as it is.
    change.catch(() => {});
  },
};

type DialogPart = ComponentType<{ open: boolean; onClose(): void }>;

const DIALOGS: Record<'help' | 'gallery', Later<DialogPart>> = {
  help: later('The help', async () => (await import('./HelpDialog.tsx')).HelpDialog),
  gallery: later('The gallery', async () => (await import('../gallery/GalleryDialog.tsx')).GalleryDialog),
};

/** The dialog that is open, how one is opened, and closed. One that cannot be had is a notice. */
function useDialog({ session }: Page) {
  const [dialog, setDialog] = useState<{ Part: DialogPart } | null>(null);
  const open = useCallback(
    (name: keyof typeof DIALOGS) => {
      DIALOGS[name].load().then(
        (Part) => setDialog({ Part }),
        (error: Error) => tell(session, error.message),
      );
    },
    [session],
  );
  const close = useCallback(() => setDialog(null), []);
  return [dialog, open, close] as const;
}

/** Keeps address and page together; what reads and writes links comes after the first picture. */
function useAddress(page: Page): void {
  useEffect(() => {
    let stop = () => {};
    let stopped = false;
    const opened = location.hash;
    const start = async () => {
      await page.pictured;
      const { startUrlSync } = await import('../state/link/url-sync.ts');
      if (!stopped) stop = startUrlSync(page, linkState, opened);
    };
    orTell(page.session, start());
    return () => {
      stopped = true;
      stop();
    };
  }, [page]);
}

/** Narrower, the set-up panel's names and choices would be cut; it can be closed, though. */
const LEAST_SETUP = 204;

const SETUP = (
  <Part what="The set-up panel">
    <SetupPanel />
  </Part>
);
const KERNEL = (
  <Part what="The kernel panel">
    <KernelPane />
  </Part>
);
const NUMBERS = (
  <Part what="The numbers panel">
    <NumbersPane />
  </Part>
);
const PLAYBACK = (
  <Part what="The playback bar">
    <PlaybackBar />
  </Part>
);
const STAGE = (
  <Part what="The stage">
    <Stage />
  </Part>
);

function DesktopPanes() {
  const { panes } = useConfig((state) => state.arrangement);
  const columns = `minmax(0, ${panes.setup > 0 ? `max(${panes.setup}%, ${LEAST_SETUP}px)` : 0}) auto minmax(0, 1fr) auto minmax(0, ${panes.side}%)`;
  return (
    <>
      <div className="panes" style={{ gridTemplateColumns: columns }}>
        {panes.setup > 0 ? SETUP : <span />}
        <Splitter pane="setup" label="Width of the set-up panel" side="left" normal={17} max={40} />
        {STAGE}
        <Splitter pane="side" label="Width of the kernel and numbers panels" side="right" normal={31} max={60} />
        {panes.side > 0 ? (
          <div className="side" style={{ gridTemplateRows: `minmax(0, 1fr) auto minmax(0, ${panes.numbers}%)` }}>
            {KERNEL}
            <Splitter pane="numbers" label="Height of the numbers panel" side="bottom" normal={44} max={80} />
            {panes.numbers > 0 ? NUMBERS : <span />}
          </div>
        ) : (
          <span />
        )}
      </div>
      {PLAYBACK}
    </>
  );
}

const PHONE_TABS = [
  { id: 'setup', title: 'Set up' },
  { id: 'kernel', title: 'Kernel' },
  { id: 'numbers', title: 'Numbers' },
] as const;

function PhonePanes() {
  const [tab, setTab] = useState<string>('setup');
  // A line chosen elsewhere, in a glossary card say, is shown where lines are.
  const line = useCursor(({ selection }) => selection?.kind === 'line');
  useEffect(() => {
    if (line) setTab('kernel');
  }, [line]);
  // The panel lies below the stage: what was asked for is brought into sight.
  const panel = useRef<HTMLDivElement>(null);
  const show = (id: string) => {
    setTab(id);
    panel.current?.scrollIntoView({ block: 'start' });
  };
  return (
    <div className="phone">
      <Part what="The stage">
        <Stage compact />
      </Part>
      <div className="phone-bar">
        {PLAYBACK}
        <Tabs label="Panels" tabs={PHONE_TABS} selected={tab} onSelect={show} controls="phone-panel" />
      </div>
      <div ref={panel} id="phone-panel" role="tabpanel" className="phone-panel">
        {tab === 'setup' && SETUP}
        {tab === 'kernel' && KERNEL}
        {tab === 'numbers' && NUMBERS}
      </div>
    </div>
  );
}

function Presentation() {
  return (
    <div className="presentation">
      <h1 className="visually-hidden">Tilescope</h1>
      <div className="presentation-bar">
        <VariantSelect />
        <CompareSelect />
        <PresetSelect />
        <span className="spring" />
        <ActionButton id="full-screen" />
        <ActionButton id="leave-presentation" showsKey />
      </div>
      {STAGE}
      {PLAYBACK}
    </div>
  );
}

/** Files dropped anywhere on the page become the input. @returns true while a file hovers over the page */
function useFileDrop(): boolean {
  const page = usePage();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const hover = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      const opened = import('../state/open-file.ts').then(({ openFile }) => openFile(page, file));
      orTell(
        page.session,
        opened.then((problem) => {
          if (problem) tell(page.session, problem);
        }),
      );
    };
    window.addEventListener('dragover', hover);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', hover);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [page]);
  return over;
}
