// The bar on top: what runs, what it is compared with, undo and redo, the pages beside this one, sharing, the device.

import { type ReactNode, useId } from 'react';
import type { Card } from '#gpu/mechanisms/mechanism.ts';
import { cards } from '#gpu/mechanisms/registry.ts';
import { familiesOf } from '../exhibit/families.ts';
import type { AnyView } from '../exhibit/view.ts';
import { Icon } from '../parts/icons.tsx';
import { Popover } from '../parts/Popover.tsx';
import { type Theme, useMedia, useTheme } from '../parts/theme.ts';
import { useConfig, useMechanism, usePage } from '../state/page-context.ts';
import { withVariant } from '../state/run/settings-of-variant.ts';
import type { Experiment } from '../state/stores/experiment.ts';
import { AdapterChip } from './AdapterChip.tsx';
import { ExportMenu } from './share/ExportMenu.tsx';
import { ShareButton } from './share/ShareButton.tsx';

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_NAMES: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

export interface TopBarProps {
  view: AnyView | undefined;
  onGallery(): void;
  onHelp(): void;
}

export function TopBar(props: TopBarProps) {
  const narrow = useMedia('(max-width: 819px)');
  return narrow ? <NarrowBar {...props} /> : <WideBar {...props} />;
}

function WideBar({ view, onGallery, onHelp }: TopBarProps) {
  return (
    <header className="top-bar">
      <h1 className="wordmark">Tilescope</h1>
      <MechanismSelect />
      <VariantSelect />
      <CompareSelect />
      <PresetSelect />
      <HistoryButtons />
      <span className="spring" />
      <button type="button" className="button bare" onClick={onGallery}>
        Gallery
      </button>
      <ShareButton />
      <ExportMenu view={view} />
      <ThemeButton />
      <button
        type="button"
        className="button bare icon"
        aria-label="Help and keys"
        title="Help and keys (?)"
        onClick={onHelp}
      >
        ?
      </button>
      <AdapterChip />
    </header>
  );
}

/** Two rows: what runs, and what is done with it; the rest is behind one button. */
function NarrowBar({ view, onGallery, onHelp }: TopBarProps) {
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
              <button type="button" className="button row" onClick={onGallery}>
                Gallery
              </button>
              <ExportMenu view={view} />
              <div className="row">
                <ThemeButton /> Theme
              </div>
              <button
                type="button"
                className="button row"
                onClick={() => {
                  close();
                  onHelp();
                }}
              >
                Help and keys
              </button>
              <AdapterChip />
            </div>
          )}
        </Popover>
      </div>
      <div className="top-row">
        <VariantSelect />
        <PresetSelect />
        <ShareButton />
      </div>
    </header>
  );
}

function ThemeButton() {
  const [theme, setTheme] = useTheme();
  return (
    <button
      type="button"
      className="button bare icon"
      aria-label={`Theme: ${THEME_NAMES[theme]}; switch to ${THEME_NAMES[NEXT_THEME[theme]]}`}
      title={`Theme: ${THEME_NAMES[theme]}`}
      onClick={() => setTheme(NEXT_THEME[theme])}
    >
      <Icon name="theme" />
    </button>
  );
}

interface LabelledSelectProps {
  label: string;
  value: string;
  onChange(value: string): void;
  children: ReactNode;
}

function LabelledSelect({ label, value, onChange, children }: LabelledSelectProps) {
  const id = useId();
  return (
    <span className="labelled-select">
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <select
        id={id}
        className="select"
        title={label}
        value={value}
        onPointerEnter={({ currentTarget }) => {
          // A name that the bar has no room for is still told in full.
          currentTarget.title = `${label}: ${currentTarget.selectedOptions[0]?.text ?? ''}`;
        }}
        onChange={(event) => onChange(event.target.value)}
      >
        {children}
      </select>
    </span>
  );
}

const FAMILIES = familiesOf(cards.values());

/** What choosing an exhibit puts on the page: its first preset. */
function opened({ id, presets, variants }: Card): Partial<Experiment> {
  const [preset] = presets;
  return {
    mechanism: id,
    variant: preset?.variant ?? variants[0]?.id ?? '',
    config: (preset?.config ?? {}) as Experiment['config'],
    compare: null,
    sources: {},
  };
}

function MechanismSelect() {
  const { config } = usePage();
  const { mechanism } = useConfig(({ experiment }) => experiment);
  return (
    <LabelledSelect
      label="Mechanism"
      value={mechanism}
      onChange={(id) => config.getState().change(opened(cards.get(id)!))}
    >
      {FAMILIES.map(({ title, cards: members }) => (
        <optgroup key={title} label={title}>
          {members.map((card) => (
            <option key={card.id} value={card.id} title={card.summary}>
              {card.title}
            </option>
          ))}
        </optgroup>
      ))}
    </LabelledSelect>
  );
}

function VariantSelect() {
  const { config } = usePage();
  const { card, view } = useMechanism();
  const variant = useConfig(({ experiment }) => experiment.variant);
  return (
    <LabelledSelect
      label="Kernel variant"
      value={variant}
      onChange={(next) => config.getState().change(withVariant(view, config.getState().experiment, next))}
    >
      {card?.variants.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </LabelledSelect>
  );
}

function CompareSelect() {
  const { config } = usePage();
  const { card } = useMechanism();
  const { variant, compare } = useConfig(({ experiment }) => experiment);
  return (
    <LabelledSelect
      label="Compare with"
      value={compare ?? ''}
      onChange={(value) => config.getState().change({ compare: value === '' ? null : value })}
    >
      <option value="">+ compare</option>
      {card?.variants
        .filter(({ id }) => id !== variant)
        .map(({ id, title }) => (
          <option key={id} value={id}>
            beside {title}
          </option>
        ))}
    </LabelledSelect>
  );
}

function PresetSelect() {
  const { config } = usePage();
  const { card } = useMechanism();
  if (!card || card.presets.length === 0) return null;
  return (
    <LabelledSelect
      label="Open a preset"
      value=""
      onChange={(id) => {
        const preset = card.presets.find((candidate) => candidate.id === id);
        if (!preset) return;
        const { compare } = config.getState().experiment;
        config.getState().change({
          variant: preset.variant,
          config: preset.config as Experiment['config'],
          input: 'random',
          compare: compare === preset.variant ? null : compare,
          sources: {},
        });
      }}
    >
      <option value="" disabled hidden>
        Presets
      </option>
      {card.presets.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </LabelledSelect>
  );
}

function HistoryButtons() {
  const { config } = usePage();
  const canUndo = useConfig(({ past }) => past.length > 0);
  const canRedo = useConfig(({ future }) => future.length > 0);
  return (
    <span className="button-pair">
      <button
        type="button"
        className="button bare icon"
        aria-label="Undo"
        title="Undo (Ctrl Z)"
        disabled={!canUndo}
        onClick={() => config.getState().undo()}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        className="button bare icon"
        aria-label="Redo"
        title="Redo (Ctrl Shift Z)"
        disabled={!canRedo}
        onClick={() => config.getState().redo()}
      >
        <Icon name="redo" />
      </button>
    </span>
  );
}
