// A control of the set-up panel: the shell draws it, the exhibit says what it sets.

import type { Config } from '#gpu/mechanisms/mechanism.ts';
import type { Recording } from './recording.ts';

/** A mask that can be painted: cells of `blockRows` × `blockColumns` scores. app/pictures/grid/MaskEditor.tsx draws it. */
export interface MaskGrid {
  rows: number;
  columns: number;
  blockRows: number;
  blockColumns: number;
  /** Names that `apply` takes in place of cells. */
  patterns: readonly string[];
}

/** A control of the set-up panel. The shell draws it; ranges come from the mechanism and this device's limits. */
export interface Control {
  /** Config key it sets; 'M' and other derived controls use `apply`. */
  id: string;
  label: string;
  /** Glossary entry. */
  term?: string;
  kind: 'number' | 'choice' | 'toggle' | 'mask';
  unit?: string;
  /** Choices in words, where they are codes. */
  said?: Readonly<Record<string, string>>;
  /** A larger value makes the recording longer: the range ends, too, where a run of this device can no longer be watched. */
  lengthens?: boolean;
  /** Why a typed value can become another one: 'tiles are powers of two'. */
  rounding?: string;
  /** What the value means beside what the recording on screen did; null where it has nothing to say of it. */
  note?(config: Config, recording: Recording | null): string | null;
  /** Allowed values now, given the config and the device; with the reason for the upper end. */
  range(
    config: Config,
    limits: Record<string, number>,
  ): { min: number; max: number; step: number; choices?: (number | string)[]; reason?: string };
  read(config: Config): number | string | boolean | number[];
  /** Keys to set in the config for a new value. */
  apply(
    config: Config,
    value: number | string | boolean | number[],
    limits: Record<string, number>,
  ): Record<string, unknown>;
  /** For kind 'mask': its grid and ready-made patterns. `read` and `apply` carry the cells, row-major 0/1; a pattern's name too. */
  mask?(config: Config): MaskGrid;
  /** Marked constants of the kernels whose values it sets. */
  constants?: readonly string[];
  /** Config keys that have no meaning where this control does not apply, and are left out there. */
  owns?: readonly string[];
  /** Controls are shown only where they do something. */
  appliesTo?(variant: string, inputKind: 'sentence' | 'random' | 'file'): boolean;
}
