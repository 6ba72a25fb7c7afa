// Progress, failure or emptiness of a piece of work, above results that stay (dimmed) until new ones are there.

import type { ReactNode } from 'react';
import type { WorkState } from './work-state.ts';
import './panels.css';

export interface WorkStatusProps {
  state: WorkState;
  /** True when there are results to show below. */
  hasResults: boolean;
  /** Said when there are none and nothing is going on. */
  empty: string;
  children: ReactNode;
}

export function WorkStatus({ state, hasResults, empty, children }: WorkStatusProps) {
  const busy = state.kind === 'running';
  return (
    <div className="panel" aria-busy={busy}>
      {busy && (
        <p className="panel__progress">
          <progress value={state.share} max={1} aria-label={state.label ?? 'working'} />
          <span>{state.label ?? 'working …'}</span>
          {state.onCancel && (
            <button type="button" onClick={state.onCancel}>
              Cancel
            </button>
          )}
        </p>
      )}
      {state.kind === 'failed' && (
        <p className="panel__failure" role="alert">
          {state.message}
          {state.onRetry && (
            <button type="button" onClick={state.onRetry}>
              Try again
            </button>
          )}
        </p>
      )}
      {!hasResults && !busy && state.kind !== 'failed' && (
        <p className="quiet">{(state.kind === 'empty' && state.message) || empty}</p>
      )}
      {hasResults && <div className={state.kind === 'ready' ? undefined : 'panel__old'}>{children}</div>}
    </div>
  );
}
