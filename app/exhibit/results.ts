// What is found out beside a recording: how far it is from float64, what it takes, which constants suit this device.

import type { KernelForm, Tuning } from '#gpu/plan/kernel-form.ts';
import type { Measurement } from '#gpu/runtime/api.ts';

export interface TimingContestant {
  id: string;
  /** As on screen: 'flash-v2', 'standard' … */
  label: string;
  measurement: Measurement;
}

/** How one output compares with its float64 reference. Made by `parityOf` (output-parity.ts), off the main thread. */
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

export interface TuningTrial {
  /** Every constant, the kernel's own values included. */
  tuning: Tuning;
  measurement: Pick<Measurement, 'medianMs' | 'ci95Ms' | 'samplesMs' | 'rounds'>;
}

export interface TuningResult {
  /** What was picked; every constant. */
  tuning: Tuning;
  /** Every candidate that ran. Empty where only what was picked has been kept. */
  trials: readonly TuningTrial[];
  /** Candidates that this device refused. */
  failed: readonly Tuning[];
  tookMs: number;
  /** When it was measured, ms since 1970. */
  at: number;
  /** The inputs it was measured with: 'q [1, 64, 1, 32]' … */
  inputs: string;
  /** True when it was kept from an earlier visit. */
  recalled: boolean;
}

export interface TuningState {
  /** Under which it is remembered. */
  key: string;
  /** The file of the kernel whose constants these are. */
  kernel: string;
  /** The form of it that runs; `named` where the settings ask for it, else the device decides. Null for a kernel of one form. */
  form: { id: KernelForm; named: boolean } | null;
  device: { label: string; isSoftware: boolean; subgroupMinSize: number; subgroupMaxSize: number };
  /** The values the kernel has when nobody says otherwise. */
  own: Tuning;
  /** The values of the run on the stage. */
  used: Tuning;
  /** Who says so: the settings (a link), what was measured here, or nobody. */
  from: 'settings' | 'measured' | 'own';
  /** Combinations to choose from, `own` among them. */
  candidates: number;
  /** Kernel files edited by the user: another kernel, which is not tuned. */
  edited: readonly string[];
  /** False where the browser lets the page keep nothing. */
  kept: boolean;
  result: TuningResult | null;
  /** Whether measuring may begin without being asked. */
  startsByItself: boolean;
}
