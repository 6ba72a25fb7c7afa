// One control of the set-up panel, drawn from its description: number with slider, choice, toggle. The range ends where the mechanism
// or this device ends, and says which limit that is.

import { type ReactNode, useEffect, useId, useState } from 'react';
import type { Config } from '#gpu/mechanisms/mechanism.ts';
import { Term } from '../glossary/Term.tsx';
import { isTerm } from '../glossary/terms.ts';
import type { Control } from '../mechanisms/view.ts';
import { usePage } from '../state/page.ts';

export interface ControlFieldProps {
  control: Control;
  config: Config;
  limits: Record<string, number>;
}

export function ControlField({ control, config, limits }: ControlFieldProps) {
  const page = usePage();
  const id = useId();
  const { kind, label, term, unit } = control;
  const range = control.range(config, limits);
  const value = control.read(config);
  const change = (next: number | string | boolean) =>
    page.config.getState().changeConfig(control.apply(config, next, limits), control.id);
  const name: ReactNode = isTerm(term) ? <Term id={term}>{label}</Term> : label;

  if (kind === 'toggle') {
    return (
      <div className="control inline">
        <input
          id={id}
          type="checkbox"
          className="check"
          checked={value === true}
          onChange={(event) => change(event.target.checked)}
        />
        <label htmlFor={id}>{label}</label>
        {isTerm(term) && <Term id={term}>?</Term>}
      </div>
    );
  }
  if (kind === 'choice') {
    const choices = range.choices ?? [];
    return (
      <div className="control">
        <span className="control-name">
          {name}
          <label htmlFor={id} className="visually-hidden">
            {label}
          </label>
        </span>
        <select
          id={id}
          className="select"
          value={String(value)}
          title={range.reason}
          onChange={(event) =>
            change(choices.find((choice) => String(choice) === event.target.value) ?? event.target.value)
          }
        >
          {!choices.some((choice) => String(choice) === String(value)) && (
            <option value={String(value)}>{String(value)}</option>
          )}
          {choices.map((choice) => (
            <option key={String(choice)} value={String(choice)}>
              {String(choice)}
              {unit ? ` ${unit}` : ''}
            </option>
          ))}
        </select>
        {range.reason && Number(value) >= range.max && <span className="control-end">{range.reason}</span>}
      </div>
    );
  }
  return <NumberField id={id} name={name} control={control} range={range} value={Number(value)} onChange={change} />;
}

interface NumberFieldProps {
  id: string;
  name: ReactNode;
  control: Control;
  range: ReturnType<Control['range']>;
  value: number;
  onChange(value: number): void;
}

function NumberField({ id, name, control, range, value, onChange }: NumberFieldProps) {
  const { label, unit } = control;
  const { min, max, step, reason } = range;
  // Typing passes through values that are out of range; only leaving the field or Enter takes them.
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft(String(value)), [value]);
  const typed = Number(draft);
  const wrong = draft.trim() === '' || !Number.isFinite(typed) || typed < min || typed > max;
  const take = () => {
    if (draft.trim() === '' || !Number.isFinite(typed)) setDraft(String(value));
    else {
      const clamped = Math.min(Math.max(typed, min), max);
      setDraft(String(clamped));
      if (clamped !== value) onChange(clamped);
    }
  };
  const ends = reason && (wrong || value >= max);
  return (
    <div className="control">
      <span className="control-name">
        {name}
        <label htmlFor={id} className="visually-hidden">
          {label}
          {unit ? `, ${unit}` : ''}
        </label>
      </span>
      <input
        id={id}
        className="field numeric"
        type="text"
        inputMode="decimal"
        value={draft}
        aria-invalid={wrong}
        aria-describedby={ends ? `${id}-end` : undefined}
        title={`${min} … ${max}${reason ? `: ${reason}` : ''}`}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
      />
      <input
        className="range"
        type="range"
        aria-label={`${label} slider`}
        min={min}
        max={max}
        step={step}
        value={Math.min(Math.max(value, min), max)}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      {ends && (
        <span id={`${id}-end`} className="control-end">
          {wrong ? `${min} to ${max}: ` : ''}
          {reason}
        </span>
      )}
    </div>
  );
}
