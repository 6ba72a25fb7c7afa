// The bar on top: what runs, what it is compared with, undo and redo, the pages beside this one, sharing, the device.

import { type ReactNode, useId } from 'react';
import type { Card } from '#gpu/mechanisms/mechanism.ts';
import { cards } from '#gpu/mechanisms/registry.ts';
import { familiesOf } from '../exhibit/families.ts';
import type { AnyView } from '../exhibit/view.ts';
import { Icon } from '../parts/icons.tsx';
import { Popover } from '../parts/Popover.tsx';
import { NEXT_THEME, type Theme, useMedia } from '../parts/theme.ts';
import { useConfig, useMechanism, usePage } from '../state/page-context.ts';
import { withVariant } from '../state/run/settings-of-variant.ts';
import type { Experiment } from '../state/stores/experiment.ts';
import { ActionButton } from './ActionButton.tsx';
import { AdapterChip } from './AdapterChip.tsx';
import type { ActionId } from './actions.ts';
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

const MENU_ROWS = ['gallery', 'present', 'full-screen'] as const satisfies readonly ActionId[];

function ThemeButton({ theme }: { theme: Theme }) {
  return (
    <ActionButton
      id="theme"
      icon="theme"
      label={`Theme: ${THEME_NAMES[theme]}; switch to ${THEME_NAMES[NEXT_THEME[theme]]}`}
    />
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
  return (
    <span className="button-pair">
      <ActionButton id="undo" icon="undo" />
      <ActionButton id="redo" icon="redo" />
    </span>
  );
}
