// What runs, as lists to choose from: the exhibit, its variant, what it is compared with, its presets. All but the exhibits stand in the
// presentation, too.

import { type ReactNode, useId } from 'react';
import { cards } from '#gpu/mechanisms/cards.ts';
import type { Card } from '#gpu/mechanisms/mechanism.ts';
import { familiesOf } from '../exhibit/families.ts';
import { PickSelect } from '../parts/PickSelect.tsx';
import { useConfig, useMechanism, usePage } from '../state/page-context.ts';
import { withVariant } from '../state/run/settings-of-variant.ts';
import type { Experiment } from '../state/stores/experiment.ts';
import { presetOf, withPreset } from './open-preset.ts';

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
      <PickSelect
        id={id}
        className="select"
        title={label}
        value={value}
        onPointerEnter={({ currentTarget }) => {
          // A name that the bar has no room for is still told in full.
          currentTarget.title = `${label}: ${currentTarget.selectedOptions[0]?.text ?? ''}`;
        }}
        onPick={onChange}
      >
        {children}
      </PickSelect>
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

export function MechanismSelect() {
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

export function VariantSelect() {
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

export function CompareSelect() {
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

export function PresetSelect() {
  const { config } = usePage();
  const { card } = useMechanism();
  const open = useConfig(({ experiment }) => card && presetOf(card, experiment)?.id);
  if (!card || card.presets.length === 0) return null;
  return (
    <LabelledSelect
      label="Open a preset"
      value={open ?? ''}
      onChange={(id) => {
        const preset = card.presets.find((candidate) => candidate.id === id);
        if (!preset) return;
        const { experiment, change } = config.getState();
        change(withPreset(preset, experiment));
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
