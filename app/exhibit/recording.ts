// An immutable recording of one run: everything a picture may be drawn from.

import type { Tensor } from '#gpu/core/tensor.ts';
import type { Config, Kernel } from '#gpu/mechanisms/mechanism.ts';
import type { Plan } from '#gpu/plan/plan.ts';
import type { Trace } from '#gpu/trace/trace.ts';

/** An immutable recording of one run: everything a picture may be drawn from. */
export interface Recording {
  /** Changes with every new recording; use as a cache key. */
  id: string;
  mechanism: string;
  variant: string;
  /** Resolved: every key present. */
  config: Config;
  plan: Plan;
  /** The kernels as they ran (edited source included), `@tune`/`@shape`/`@flag` values baked. */
  kernels: Kernel[];
  trace: Trace;
  inputs: Record<string, Tensor>;
  outputs: Record<string, Tensor>;
  /** Tokens along the query and key axes, when the input was text. */
  tokens?: { query: string[]; key: string[] };
  /** Settings of the run it stands beside that its variant does not have: 'block mask'. */
  without?: readonly string[];
  /** Which device ran it, and whether it was this one, now; origin `file` = opened from the exported recording of that name. */
  device: { label: string; isSoftware: boolean; origin: 'this-device' | 'shipped' | 'file'; file?: string };
  /** Kernel files whose source was edited by the user. */
  edited: string[];
  warnings: string[];
}
