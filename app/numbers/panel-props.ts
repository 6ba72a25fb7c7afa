// Properties of the panels beside the picture (numbers, timing, parity), and of the marks that more than one view uses. The shell
// fills them from the session store; the panels hold no state of their own but what is open or hovered.

import type { ReactNode } from 'react';
import type { Totals } from '#gpu/mechanisms/mechanism.ts';
import type { Place } from '../exhibit/place.ts';
import type { Recording } from '../exhibit/recording.ts';
import type { ParityOutput, TimingContestant } from '../exhibit/results.ts';
import type { WorkState } from '../parts/work-state.ts';

export interface TimingPanelProps {
  state: WorkState;
  /** Interleaved contestants of one `measure` call; the first is the variant on screen. */
  contestants: readonly TimingContestant[];
  adapter: { label: string; isSoftware: boolean };
  onMeasure?(): void;
}

export interface ParityPanelProps {
  state: WorkState;
  outputs: readonly ParityOutput[];
  /** Some access of the run went past an end: an output that is right all the same wears no tick. */
  astray?: boolean;
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
  /** Values of tensors, above the counts. */
  values?: ReactNode;
  /** Further panels, below the times. */
  children?: ReactNode;
  selection: Place | null;
  onSelect(place: Place | null): void;
}
