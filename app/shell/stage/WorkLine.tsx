// Where a piece of work stands: nothing for the first 300 ms, then a bar with its label and a way to stop it; a failure with what to do.

import { type ReactNode, useEffect, useState } from 'react';
import type { Problem, Work } from '../../state/stores/session-store.ts';

const SILENT_MS = 300;

export interface WorkLineProps {
  work: Work;
  onCancel?(): void;
  onRetry?(): void;
  /** What else can be done where it failed. */
  more?: ReactNode;
}

export function WorkLine({ work, onCancel, onRetry, more }: WorkLineProps) {
  const late = useLate(work);
  if (work.kind === 'failed') return <ProblemNotice problem={work.problem} onRetry={onRetry} more={more} />;
  if (work.kind !== 'running' || !late) return null;
  const { label, share } = work;
  return (
    <div className="work" role="status">
      <div className="work-label">
        <span className="clip">{label}</span>
        {onCancel && (
          <button type="button" className="button bare small" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
      <div
        className={share === undefined ? 'progress unknown' : 'progress'}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
      >
        <div style={share === undefined ? undefined : { width: `${share * 100}%` }} />
      </div>
    </div>
  );
}

/** True once the work has run long enough to be worth showing. */
function useLate(work: Work): boolean {
  const since = work.kind === 'running' ? work.since : null;
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (since === null) return;
    const timer = setTimeout(() => setLate(true), Math.max(0, since + SILENT_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [since]);
  return late;
}

export interface ProblemNoticeProps {
  problem: Problem;
  /** What and where, without the rest, where that stands elsewhere on the page. */
  brief?: boolean;
  onRetry?(): void;
  more?: ReactNode;
}

export function ProblemNotice({ problem, brief = false, onRetry, more }: ProblemNoticeProps) {
  const { message, field, value, limit, line, column, advice } = problem;
  // Compilers put the place before what they say; here it stands in words below.
  const place = line === undefined ? '' : `${field}:${line}:${column}: `;
  const said = message.startsWith(place) ? message.slice(place.length) : message;
  // A number in the message may have separators that the fact has not.
  const plain = (text: string) => text.replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  const isSaid = (fact: string) => plain(said).includes(plain(fact));
  const facts = [
    line !== undefined && `${field ? `${field}, ` : ''}line ${line}${column === undefined ? '' : `, column ${column}`}`,
    line === undefined && field && !said.includes(field) && `setting: ${field}`,
    value !== undefined && !isSaid(value) && `value: ${value}`,
    limit !== undefined && !isSaid(limit) && `limit: ${limit}`,
  ].filter(Boolean);
  return (
    <div className="notice bad" role="alert">
      <div>
        <p className="problem-message">{brief ? said.replace(/ \(with [^()]*\)$/, '') : said}</p>
        {facts.length > 0 && <p className="numeric small">{facts.join(' · ')}</p>}
        {!brief && advice && <p>{advice}</p>}
      </div>
      {more}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
