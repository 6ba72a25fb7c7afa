// Properties of the panels beside the picture (numbers, timing, parity), and of the marks that more than one view uses. The shell
// fills them from the session store; the panels hold no state of their own but what is open or hovered.

import type { ReactNode } from 'react';
import type { Totals } from '#gpu/mechanisms/mechanism.ts';
import type { Measurement } from '#gpu/runtime/api.ts';
import type { Recording, Selection } from '../mechanisms/view.ts';

/** Where a piece of work stands. Old results stay on screen (dimmed) while `running` or `failed`. */
export type WorkState =
  | { kind: 'empty'; message?: string }
  | { kind: 'running' /** 0 … 1, absent when unknown. */; share?: number; label?: string; onCancel?(): void }
  | { kind: 'failed'; message: string; onRetry?(): void }
  | { kind: 'ready' };

export interface TimingContestant {
  id: string;
  /** As on screen: 'flash-v2', 'standard' … */
  label: string;
  measurement: Measurement;
}

export interface TimingPanelProps {
  state: WorkState;
  /** Interleaved contestants of one `measure` call; the first is the variant on screen. */
  contestants: readonly TimingContestant[];
  adapter: { label: string; isSoftware: boolean };
  onMeasure?(): void;
}

/** How one output compares with its float64 reference. Made by `parityOf` (parity-facts.ts), off the main thread. */
export interface ParityOutput {
  /** 'out', 'lse' … */
  name: string;
  elements: number;
  maxAbsError: number;
  /** Flat index of the largest error. */
  maxAbsIndex: number;
  /** Largest finite |reference|. */
  maxAbsReference: number;
  /** Elements where one side is −∞, +∞ or NaN and the other is not the same. */
  nonFiniteMismatches: number;
  /** Elements that are the same NaN or infinity on both sides. */
  nonFiniteMatches: number;
  tolerance: number;
  passes: boolean;
  /** Absolute errors in decades: [0], (0, 1e-9], (1e-9, 1e-8] … */
  histogram: { label: string; count: number }[];
}

export interface ParityPanelProps {
  state: WorkState;
  outputs: readonly ParityOutput[];
}

export interface NumbersPanelProps {
  recording: Recording;
  /** Other variants on the same input; their totals stand beside. */
  others: readonly Recording[];
  /** What a run is called beside others: 'flash-v2 (edited)'. */
  labelOf(run: Recording): string;
  /** What the mechanism's view has to say about these numbers (MechanismView.remark). */
  remark?: string | null;
  /** `mechanism.cost(variant, config)`; null when it has no closed form for this config or the kernel was edited beyond it. */
  cost: Totals | null;
  /** Bytes of workgroup memory the device allows. */
  workgroupLimitBytes: number;
  parity: ParityPanelProps;
  timing: TimingPanelProps;
  /** Further panels, below the times. */
  children?: ReactNode;
  selection: Selection | null;
  onSelect(selection: Selection | null): void;
}
