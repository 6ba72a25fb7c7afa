// Values of the run's tensors: any element of an input, an output or a recorded value at the present step, and what its tensor is like
// as a whole. Its element is the shared place: picked here it is picked in all views, and the other way round.

import { useCallback, useId, useMemo, useRef, useState } from 'react';
import { clampIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { ViewTable } from '../../exhibit/view.ts';
import { IN_ROW } from '../../exhibit/walk-keys.ts';
import { ProvenanceMark } from '../../parts/ProvenanceMark.tsx';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import { exactText, valueText } from '../../words/quantities.ts';
import type { Known } from './count-tensor.ts';
import { drawHistogram, histogramWords } from './histogram-plot.ts';
import { elementAt, type FoundValue, type RunTensor, runTensor, tensorNames, valueAt } from './run-tensors.ts';
import type { Statistics } from './statistics.ts';
import { sliceTable, sliceWords } from './tensor-slice.ts';
import { useKnown } from './use-known.ts';
import '../../parts/panels.css';
import './values.css';

export interface ValuesPanelProps {
  recording: Recording;
  /** Finished steps. */
  tick: number;
  place: Place | null;
  onSelect(place: Place): void;
  /** Saves a table under this name. */
  onSave(name: string, table: ViewTable): void;
}

type At = Readonly<Record<string, number>>;

/** The tensor a place names; null where it names none. */
const tensorOf = (place: Place | null) =>
  (place?.kind === 'at' && place.tensor) || (place?.kind === 'buffer' && place.buffer) || null;

/** The tensor and element the panel is about: what the place says, and what it was before of all that the place does not say. */
function usePicked(recording: Recording, place: Place | null) {
  const last = useRef<{ name: string | null; at: At }>({ name: null, at: {} });
  const names = useMemo(() => tensorNames(recording), [recording]);
  const wanted = [tensorOf(place), last.current.name].find((each) => each !== null && runTensor(recording, each));
  const name = wanted ?? names[0] ?? null;
  const tensor = useMemo(() => (name === null ? null : runTensor(recording, name)), [recording, name]);
  const at = tensor ? elementAt(tensor, place, last.current.at) : {};
  last.current = { name, at: { ...last.current.at, ...at } };
  return { names, tensor, at };
}

export function ValuesPanel(props: ValuesPanelProps) {
  const { recording, tick, place } = props;
  const [open, setOpen] = useState(false);
  const { names, tensor, at } = usePicked(recording, place);
  if (!tensor) return null;
  const isPicked = place?.kind === 'at' && place.tensor === tensor.name;
  // Looking back through the records takes a while: only where somebody reads it.
  const found = open || isPicked ? valueAt(recording, tick, tensor, at) : null;
  return (
    <details className="panel values" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <b>Values</b>{' '}
        {isPicked && found ? (
          <span className="values__picked">
            {elementText(tensor, at)} = {valueWords(found)}
          </span>
        ) : (
          <span className="quiet">of any element of {names.slice(0, 3).join(', ')} …</span>
        )}
      </summary>
      {open && found && <Picked {...props} names={names} tensor={tensor} at={at} found={found} />}
    </details>
  );
}

interface PickedProps extends ValuesPanelProps {
  names: readonly string[];
  tensor: RunTensor;
  at: At;
  found: FoundValue;
}

function Picked({ recording, names, tensor, at, found, onSelect, onSave }: PickedProps) {
  const known = useKnown(recording, tensor);
  const field = useId();
  const select = (next: At) => onSelect({ kind: 'at', tensor: tensor.name, at: next });
  const choose = (name: string) => {
    const other = runTensor(recording, name);
    if (other) onSelect({ kind: 'at', tensor: name, at: elementAt(other, null, at) });
  };
  return (
    <section className="panel" aria-label="Values">
      <div className="values__fields">
        <label htmlFor={field}>Tensor</label>
        <select id={field} className="field" value={tensor.name} onChange={({ target }) => choose(target.value)}>
          {[...new Set([...names, tensor.name])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <span className="quiet">{shapeText(tensor)}</span>
      </div>
      <div className="values__fields">
        {tensor.axes.map((axis, i) => (
          <AxisField
            key={axis}
            axis={axis}
            extent={tensor.shape[i]!}
            at={at[axis]!}
            onChange={(index) => select({ ...at, [axis]: index })}
          />
        ))}
      </div>
      <p className="values__value">
        <span className="quiet">{elementText(tensor, at)}</span>{' '}
        {found.value === null ? (
          found.why
        ) : (
          <>
            <b title={String(found.value)}>{valueWords(found)}</b> <ProvenanceMark kind={found.origin} />
            {found.step !== undefined && <span className="quiet"> in step {exactText(found.step + 1)}</span>}
          </>
        )}
      </p>
      {known && !(known instanceof Error) ? (
        <Whole known={known} tensor={tensor} at={at} found={found} onAt={select} onSave={onSave} />
      ) : (
        <p className="panel__note">{known === undefined ? 'Counting …' : uncountedText(known)}</p>
      )}
    </section>
  );
}

const uncountedText = (known: null | Error) =>
  known ? `It could not be counted as a whole: ${known.message}` : 'Nothing is known of it as a whole.';

function AxisField({
  axis,
  extent,
  at,
  onChange,
}: {
  axis: string;
  extent: number;
  at: number;
  onChange(at: number): void;
}) {
  return (
    <label className="values__axis">
      {axis}
      <input
        className="field numeric"
        type="number"
        min={0}
        max={Math.max(extent - 1, 0)}
        value={at}
        onChange={({ target }) => {
          const wanted = Number(target.value);
          if (target.value !== '' && Number.isInteger(wanted) && wanted >= 0 && wanted < extent) onChange(wanted);
        }}
      />
      <span className="quiet">of {exactText(extent)}</span>
    </label>
  );
}

interface WholeProps {
  known: Known;
  tensor: RunTensor;
  at: At;
  found: FoundValue;
  onAt(at: At): void;
  onSave(name: string, table: ViewTable): void;
}

/** What the tensor is like, and a file of a slice of it. */
function Whole({ known: { contents, statistics }, tensor, at, found, onAt, onSave }: WholeProps) {
  const draw = useCallback((pen: Pen) => drawHistogram(pen, statistics, found.value), [statistics, found.value]);
  const element = elementText(tensor, at);
  // biome-ignore lint/correctness/useExhaustiveDependencies: spoken when another element is picked, not at every step that playback makes
  const status = useMemo(() => `${element} = ${valueWords(found)}`, [element]);
  const when = {
    given: 'as given',
    'read-back': 'after the last step',
    recorded: 'as last recorded in each place over the run',
  }[contents.origin];
  return (
    <>
      <h3>
        All of {tensor.name}, {when} <ProvenanceMark kind={contents.origin} />
      </h3>
      <div className="panel__plot" style={{ height: 120 }}>
        <PenCanvas
          kind="histogram"
          live={draw}
          status={status}
          label={`${histogramWords(tensor.name, statistics)} The arrows walk its elements.`}
          onKey={(key) => {
            const next = walked(tensor, at, key);
            if (next) onAt(next);
            return next !== null;
          }}
        />
      </div>
      <Facts statistics={statistics} />
      <details>
        <summary>Histogram as a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">to</th>
              <th scope="col">values</th>
            </tr>
          </thead>
          <tbody>
            {statistics.histogram.map(({ from, to, count }) => (
              <tr key={from}>
                <td>{valueText(from)}</td>
                <td>{valueText(to)}</td>
                <td>{exactText(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      <p className="panel__buttons">
        <button type="button" onClick={() => onSave(`${tensor.name}-values`, sliceTable(tensor, contents, at))}>
          Save {sliceWords(tensor, at)} (.csv)
        </button>
      </p>
    </>
  );
}

function Facts({ statistics }: { statistics: Statistics }) {
  const { elements, known, min, max, mean, nan, above, below } = statistics;
  const number = (value: number) => ({ text: Number.isNaN(value) ? 'none' : valueText(value), exact: String(value) });
  const count = (value: number) => ({ text: exactText(value), exact: undefined });
  const facts = {
    least: number(min),
    greatest: number(max),
    'mean of the finite': number(mean),
    elements: count(elements),
    ...(known < elements && { 'of these recorded': count(known) }),
    NaN: count(nan),
    '+∞': count(above),
    '−∞': count(below),
  };
  return (
    <dl className="values__facts">
      {Object.entries(facts).map(([title, { text, exact }]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd title={exact}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Left and right go along the last axis, up and down along the one before; null: the key means nothing here. */
function walked({ axes, shape }: RunTensor, at: At, key: string): At | null {
  const [rows, columns] = IN_ROW[key] ?? [0, 0];
  const i = axes.length - (rows === 0 ? 1 : 2);
  const axis = axes[i];
  if (rows + columns === 0 || axis === undefined) return null;
  return { ...at, [axis]: clampIndex(at[axis]! + rows + columns, shape[i]!) };
}

/** 'q[batch 0, row 5, head 1, dim 3]'. */
function elementText({ name, axes }: RunTensor, at: At): string {
  return `${name}[${axes.map((axis) => `${axis} ${at[axis]}`).join(', ')}]`;
}

function shapeText({ axes, shape, madeAs, dtype }: RunTensor): string {
  if (shape === madeAs) return `${axes.map((axis, i) => `${axis} ${exactText(shape[i]!)}`).join(' × ')}, ${dtype}`;
  return `${madeAs.map(exactText).join(' × ')}, ${dtype}`;
}

/** As many digits as an f32 is good for; the exact value is on hover. */
function valueWords({ value }: FoundValue): string {
  if (value === null) return 'not recorded at this step';
  if (!Number.isFinite(value)) return valueText(value);
  return String(Number(value.toPrecision(7))).replace(/^-/, '−');
}
