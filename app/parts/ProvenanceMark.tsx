// Where a number comes from, as a small shape with a word: never by colour alone.

import type { Provenance } from './provenance.ts';
import './ProvenanceMark.css';

const SHAPES: Record<Provenance, { path: string; filled: boolean; word: string; meaning: string }> = {
  measured: {
    path: 'M6 1.5a4.5 4.5 0 1 0 .01 0z',
    filled: true,
    word: 'measured',
    meaning: 'timed in this run on this device',
  },
  exact: { path: 'M2 2h8v8H2z', filled: true, word: 'exact', meaning: 'counted in this run, access by access' },
  'closed-form': {
    path: 'M6 1l5 5-5 5-5-5z',
    filled: false,
    word: 'closed form',
    meaning: 'computed from the sizes by a formula',
  },
  modelled: {
    path: 'M6 1.5l5 9H1z',
    filled: false,
    word: 'modelled',
    meaning: 'what a named device would do by its data sheet',
  },
  paper: {
    path: 'M3 1h6v10H3zM4.5 4h3M4.5 6h3',
    filled: false,
    word: 'paper',
    meaning: 'as printed in the cited publication',
  },
  given: {
    path: 'M1 6h7M5 3l3 3-3 3M10.5 2v8',
    filled: false,
    word: 'given',
    meaning: 'an input, as it was before the first step',
  },
  recorded: {
    path: 'M6 1.5a4.5 4.5 0 1 0 .01 0zM6 4.5a1.5 1.5 0 1 0 .01 0z',
    filled: false,
    word: 'recorded',
    meaning: 'what the kernel itself had at a step, put on record by one of its lines',
  },
  'read-back': {
    path: 'M11 6H4M7 3L4 6l3 3M1.5 2v8',
    filled: false,
    word: 'read back',
    meaning: 'an output, as it was after the last step',
  },
};

export interface ProvenanceMarkProps {
  kind: Provenance;
  /** Shows the shape alone; the word stays for screen readers and on hover. */
  compact?: boolean;
}

export function ProvenanceMark({ kind, compact = false }: ProvenanceMarkProps) {
  const { path, filled, word, meaning } = SHAPES[kind];
  return (
    <span className="provenance" title={`${word}: ${meaning}`}>
      <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">
        <path d={path} fill={filled ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1.3" />
      </svg>
      <span className={compact ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}
