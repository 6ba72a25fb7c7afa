// One control of the set-up panel, drawn from its description: number with slider, choice, toggle. The range ends where the mechanism
// or this device ends, and says which limit that is.

import { type ReactNode, useEffect, useId, useState } from 'react';
import type { Config } from '#gpu/mechanisms/mechanism.ts';
import type { Control } from '../../exhibit/control.ts';
import { useSetOf } from '../../glossary/page-of-terms.ts';
import { Term } from '../../glossary/Term.tsx';
import { useConfig, usePage, useSession } from '../../state/page-context.ts';
import { exactText } from '../../words/quantities.ts';
import { type SaidNote, stillSaid, takeTyped } from './typed-number.ts';

export interface ControlFieldProps {
  control: Control;
  config: Config;
  limits: Record<string, number>;
  /** Where a recording becomes too long to watch here, and in what words; absent where the control's own end comes first. */
  end?: { most: number; reason: string };
}

export function ControlField({ control, config, limits, end }: ControlFieldProps) {
  const page = usePage();
  const recording = useSession((state) => state.recording);
  const id = useId();
  const { kind, label, term, unit } = control;
  const own = control.range(config, limits);
  const range = end && end.most < own.max ? { ...own, max: end.most, reason: end.reason } : own;
  const value = control.read(config);
  const change = (next: number | string | boolean) =>
    page.config.getState().changeConfig(control.apply(config, next, limits), control.id);
  // What a value becomes once it is taken: a derived one may be rounded.
  const settle = (next: number) =>
    Number(control.read({ ...config, ...control.apply(config, next, limits) } as Config));
  const isExplained = useSetOf(term) !== undefined;
  const title: ReactNode = <Term id={term}>{label}</Term>;
  const name = (
    <>
      {title}
      {unit && kind === 'number' && <span className="control-unit"> {unit}</span>}
    </>
  );
  const remark = control.note?.(config, recording);

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
        {isExplained && (
          <Term id={term} name={`What is ${label}?`}>
            ?
          </Term>
        )}
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
              {control.said?.[String(choice)] ?? String(choice)}
              {unit ? ` ${choice === 1 ? unit.replace(/s$/, '') : unit}` : ''}
            </option>
          ))}
        </select>
        {range.reason && Number(value) >= range.max && (
          <span className={Number(value) > range.max ? 'control-end' : 'control-note'}>{range.reason}</span>
        )}
      </div>
    );
  }
  return <NumberField {...{ id, name, control, range, settle, remark }} value={Number(value)} onChange={change} />;
}

interface NumberFieldProps {
  id: string;
  name: ReactNode;
  control: Control;
  range: ReturnType<Control['range']>;
  value: number;
  /** What the control itself says of its value. */
  remark?: string | null;
  settle(value: number): number;
  onChange(value: number): void;
}

function NumberField({ id, name, control, range, value, remark, settle, onChange }: NumberFieldProps) {
  const { label, unit, rounding } = control;
  const { min, max, step, reason } = range;
  // Typing passes through values that are out of range; only leaving the field or Enter takes them.
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft(String(value)), [value]);
  const typed = Number(draft);
  // What stands is not wrong unless it was refused: a kernel may take more than what its range offers.
  const isAsked = useSession(({ run }) => run.kind === 'failed') || draft !== String(value);
  const wrong = isAsked && (draft.trim() === '' || !Number.isFinite(typed) || typed < min || typed > max);
  const { config } = usePage();
  const experiment = useConfig((state) => state.experiment);
  const [note, setNote] = useState<SaidNote | null>(null);
  const take = () => {
    // Leaving a field that nobody typed into changes nothing, even where its range has moved since.
    if (draft === String(value)) return;
    const taken = takeTyped(draft, value, range, settle, rounding);
    setDraft(String(taken.shown));
    if (taken.set !== undefined) onChange(taken.set);
    setNote(taken.note === null ? null : { words: taken.note, about: config.getState().experiment });
  };
  const said = stillSaid(note, experiment);
  const ends = said === null && reason && (wrong || value >= max);
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
        aria-describedby={ends || said ? `${id}-end` : undefined}
        title={`${min} … ${max}${reason ? `: ${reason}` : ''}`}
        onChange={(event) => {
          setDraft(event.target.value);
          setNote(null);
        }}
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
      {remark && <span className="control-note">{remark}</span>}
      {said && (
        <span id={`${id}-end`} className="control-end" role="status">
          {said}
        </span>
      )}
      {ends && (
        <span id={`${id}-end`} className={wrong ? 'control-end' : 'control-note'}>
          {wrong ? `${exactText(min)} to ${exactText(max)}: ` : ''}
          {reason}
        </span>
      )}
    </div>
  );
}
