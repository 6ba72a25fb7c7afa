// The numbers of a run: what was counted beside what the closed form says, for HBM, events, operations and workgroup memory.

import { type ReactNode, useMemo } from 'react';
import { isPastEnd, pastEndsOf, timesPast, unwrittenOf, verbOf } from '../exhibit/past-end.ts';
import type { Recording } from '../exhibit/recording.ts';
import { MarkedText } from '../glossary/MarkedText.tsx';
import { ProvenanceMark } from '../parts/ProvenanceMark.tsx';
import { type CountRow, numbersOf } from '../words/numbers.ts';
import { bytesText, countText, exactText, plural } from '../words/quantities.ts';
import { ParityPanel } from './ParityPanel.tsx';
import type { NumbersPanelProps } from './panel-props.ts';
import { ResultLine } from './ResultLine.tsx';
import { TimingPanel } from './TimingPanel.tsx';
import '../parts/panels.css';

/** Lines that are listed one by one. */
const MOST_PAST = 6;

export function NumbersPanel(props: NumbersPanelProps) {
  const { recording, others, labelOf, remark, cost, workgroupLimitBytes, timing, selection, onSelect } = props;
  const parity = { ...props.parity, astray: isPastEnd(recording) };
  const numbers = useMemo(() => numbersOf(recording.trace, cost), [recording, cost]);
  const selected = selection?.kind === 'buffer' ? selection.buffer : null;
  const { workgroupBytes } = numbers;
  return (
    <div className="panel">
      <ResultLine numbers={numbers} parity={parity} timing={timing} />
      {props.values}
      <section className="panel" aria-label="Counted accesses">
        <h3>
          Counted
          <span>
            <ProvenanceMark kind="exact" /> {cost && <ProvenanceMark kind="closed-form" />}
          </span>
        </h3>
        <Amiss recording={recording} />
        <table className="panel__columns">
          <Columns />
          <thead>
            <tr>
              <th scope="col">Bytes requested</th>
              <th scope="col">counted</th>
              <th scope="col">
                <MarkedText text="closed form" />
              </th>
            </tr>
          </thead>
          <tbody>
            <Row title="HBM read" row={numbers.read} text={bytesText} />
            <Row title="HBM write" row={numbers.written} text={bytesText} />
          </tbody>
        </table>
        <details>
          <summary>Per tensor</summary>
          <table className="panel__columns">
            <Columns />
            <thead>
              <tr>
                <th scope="col">Tensor</th>
                <th scope="col">counted</th>
                <th scope="col">closed form</th>
              </tr>
            </thead>
            <tbody>
              {numbers.buffers.flatMap(({ name, read, written }) =>
                [['read', read] as const, ['write', written] as const].flatMap(([verb, row]) =>
                  row.counted + (row.closedForm ?? 0) === 0
                    ? []
                    : [
                        <Row
                          key={`${name} ${verb}`}
                          title={`${name} ${verb}`}
                          row={row}
                          text={bytesText}
                          selected={name === selected}
                          onSelect={() => onSelect(name === selected ? null : { kind: 'buffer', buffer: name })}
                        />,
                      ],
                ),
              )}
            </tbody>
          </table>
        </details>
        <table className="panel__columns">
          <Columns />
          <thead className="visually-hidden">
            <tr>
              <th scope="col">What</th>
              <th scope="col">counted</th>
              <th scope="col">closed form</th>
            </tr>
          </thead>
          <tbody>
            {numbers.events.map((event) => (
              <Row
                key={event.id}
                title={<MarkedText text={event.id.replaceAll('-', ' ')} />}
                row={event}
                text={countText}
              />
            ))}
            <Row title="Floating-point operations" row={counted(numbers.flops)} text={countText} />
            <Row title="exp, log, tanh" row={counted(numbers.special)} text={countText} />
            <Row
              title={<MarkedText text={`SRAM declared, of ${bytesText(workgroupLimitBytes)}`} />}
              row={workgroupBytes}
              text={bytesText}
            />
          </tbody>
        </table>
        <Beside recording={recording} others={others} labelOf={labelOf} />
        {remark && <p className="panel__warning">{remark}</p>}
        <p className="panel__note">
          HBM bytes are what the shader asked of storage buffers; caches are not modelled.
          {recording.trace.matchesPlain
            ? ' The recorded run’s output equals the plain run’s, bit for bit.'
            : ' The recorded run’s output differs from the plain run’s.'}
        </p>
      </section>
      <ParityPanel {...parity} />
      <TimingPanel {...timing} />
      {props.children}
    </div>
  );
}

/** Accesses past an end, by line and buffer, and outputs that were not written whole; nothing where there is neither. */
function Amiss({ recording }: { recording: Recording }) {
  const past = useMemo(() => pastEndsOf(recording), [recording]);
  const unwritten = useMemo(() => unwrittenOf(recording), [recording]);
  if (past.length + unwritten.length === 0) return null;
  return (
    <table className="panel__columns">
      <Columns />
      <thead>
        <tr>
          <th scope="col">Past the end, never written</th>
          <th scope="col">times</th>
          <th scope="col">workgroups</th>
        </tr>
      </thead>
      <tbody>
        {past.slice(0, MOST_PAST).map((each) => (
          <tr key={`${each.kernel} ${each.line} ${each.buffer}`}>
            <th scope="row" title={each.kernel}>
              Line {each.line} {verbOf(each)} {each.buffer}
            </th>
            <td title={exactText(timesPast(each))}>
              <span className="panel__no">{countText(timesPast(each))}</span>
            </td>
            <td>{each.workgroups ?? 'many'}</td>
          </tr>
        ))}
        {past.length > MOST_PAST && (
          <tr>
            <th scope="row">{plural(past.length - MOST_PAST, 'more line')}, red in the source</th>
            <td>{countText(past.slice(MOST_PAST).reduce((sum, each) => sum + timesPast(each), 0))}</td>
            <td />
          </tr>
        )}
        {unwritten.map(({ tensor, never, elements }) => (
          <tr key={tensor}>
            <th scope="row">{tensor} never written</th>
            <td title={exactText(never)}>
              <span className="panel__no">{countText(never)}</span>
            </td>
            <td>of {plural(elements, 'element')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Tables that stand below one another share their columns. */
function Columns() {
  return (
    <colgroup>
      <col />
      <col />
      <col />
    </colgroup>
  );
}

const counted = (value: number): CountRow => ({ id: '', counted: value, closedForm: null, agrees: null });

interface RowProps {
  title: ReactNode;
  row: CountRow;
  text(value: number): string;
  selected?: boolean;
  onSelect?(): void;
}

function Row({ title, row, text, selected = false, onSelect }: RowProps) {
  const { counted: value, closedForm, agrees } = row;
  return (
    <tr data-selected={selected}>
      <th scope="row">
        {onSelect ? (
          <button type="button" aria-pressed={selected} onClick={onSelect}>
            {title}
          </button>
        ) : (
          title
        )}
      </th>
      <td title={exactText(value)}>{text(value)}</td>
      <td title={closedForm === null ? undefined : exactText(closedForm)}>
        {closedForm !== null && text(closedForm)} {agrees === true && <span className="panel__yes">✓</span>}
        {agrees === false && <span className="panel__no">✗</span>}
        {agrees !== null && <span className="visually-hidden">{agrees ? 'equal' : 'not equal'}</span>}
      </td>
    </tr>
  );
}

/** Bytes of both directions over the storage buffers of a run. */
function hbmInAll({ trace }: Recording): number {
  const { read, written } = numbersOf(trace, null);
  return read.counted + written.counted;
}

type BesideProps = Pick<NumbersPanelProps, 'recording' | 'others' | 'labelOf'>;

/** The other variants' totals on the same input. */
function Beside({ recording, others, labelOf }: BesideProps) {
  const rows = useMemo(
    () => [recording, ...others].map((run) => ({ id: run.id, label: labelOf(run), bytes: hbmInAll(run) })),
    [recording, others, labelOf],
  );
  if (others.length === 0) return null;
  const own = rows[0]!.bytes;
  return (
    <table className="panel__columns">
      <caption className="panel__note">HBM bytes, read and written, on the same input</caption>
      <Columns />
      <tbody>
        {rows.map(({ id, label, bytes }) => (
          <tr key={id} data-selected={id === recording.id}>
            <th scope="row">{label}</th>
            <td title={exactText(bytes)}>{bytesText(bytes)}</td>
            <td>{id === recording.id ? '' : `${(bytes / own).toFixed(2)}×`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
