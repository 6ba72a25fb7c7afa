// The bar on top: what runs, what it is compared with, undo and redo, the pages beside this one, sharing, the device.

import type { AnyView } from '../exhibit/view.ts';
import { Icon } from '../parts/icons.tsx';
import { Popover } from '../parts/Popover.tsx';
import { NEXT_THEME, type Theme, useMedia } from '../parts/theme.ts';
import { ActionButton } from './ActionButton.tsx';
import { AdapterChip } from './AdapterChip.tsx';
import type { ActionId } from './actions.ts';
import { CompareSelect, MechanismSelect, PresetSelect, VariantSelect } from './ExperimentSelects.tsx';
import { ExportMenu } from './share/ExportMenu.tsx';
import { ShareButton, type Shared } from './share/ShareButton.tsx';

const THEME_NAMES: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

export interface TopBarProps {
  view: AnyView | undefined;
  theme: Theme;
  shared: Shared;
}

export function TopBar(props: TopBarProps) {
  const narrow = useMedia('(max-width: 819px)');
  return narrow ? <NarrowBar {...props} /> : <WideBar {...props} />;
}

function WideBar({ view, theme, shared }: TopBarProps) {
  return (
    <header className="top-bar">
      <h1 className="wordmark">Tilescope</h1>
      <MechanismSelect />
      <VariantSelect />
      <CompareSelect />
      <PresetSelect />
      <HistoryButtons />
      <span className="spring" />
      <ActionButton id="models" className="button bare" />
      <ActionButton id="gallery" className="button bare" />
      <ActionButton id="present" className="button bare" />
      <ShareButton shared={shared} />
      <ExportMenu view={view} />
      <ThemeButton theme={theme} />
      <ActionButton id="help" label="Help and keys" className="button bare icon">
        ?
      </ActionButton>
      <AdapterChip />
    </header>
  );
}

/** Two rows: what runs, and what is done with it; the rest is behind one button. */
function NarrowBar({ view, theme, shared }: TopBarProps) {
  return (
    <header className="top-bar narrow">
      <div className="top-row">
        <h1 className="wordmark">Tilescope</h1>
        <MechanismSelect />
        <span className="spring" />
        <HistoryButtons />
        <Popover className="button bare icon" name="Menu" label={<Icon name="menu" />}>
          {(close) => (
            <div className="stack bar-menu">
              <CompareSelect />
              {MENU_ROWS.map((id) => (
                <ActionButton key={id} id={id} className="button row" onRun={close} />
              ))}
              <ExportMenu view={view} />
              <div className="row">
                <ThemeButton theme={theme} /> Theme
              </div>
              <ActionButton id="help" className="button row" onRun={close} />
              <AdapterChip />
            </div>
          )}
        </Popover>
      </div>
      <div className="top-row">
        <VariantSelect />
        <PresetSelect />
        <ShareButton shared={shared} />
      </div>
    </header>
  );
}

const MENU_ROWS = ['models', 'gallery', 'present', 'full-screen'] as const satisfies readonly ActionId[];

function ThemeButton({ theme }: { theme: Theme }) {
  return (
    <ActionButton
      id="theme"
      icon="theme"
      label={`Theme: ${THEME_NAMES[theme]}; switch to ${THEME_NAMES[NEXT_THEME[theme]]}`}
    />
  );
}

function HistoryButtons() {
  return (
    <span className="button-pair">
      <ActionButton id="undo" icon="undo" />
      <ActionButton id="redo" icon="redo" />
    </span>
  );
}
