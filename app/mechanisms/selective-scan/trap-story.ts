// The story of a run with a numerical trap, or in the setting of theorem 1: what went wrong, by how much, and what mends it. Recorded
// numbers, and the gate of the theorem as a closed form.

import { outputDifference, runBeside } from '../../exhibit/output-difference.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { exactText, valueText } from '../../words/quantities.ts';
import { distanceFromGate, gateOf } from './gate.ts';
import { runningProductOf, trapOf } from './running-product.ts';
import { variantTitles } from './variant-titles.ts';

/** Null for a run without either. At most two sentences. */
export function trapStory(recording: Recording, others: readonly Recording[]): string | null {
  const other = runBeside(recording, others);
  switch (trapOf(recording)) {
    case 'quotient':
    case 'guarded-quotient':
      return quotientStory(recording, other);
    case 'naive-hold':
      return naiveHoldStory(recording, other);
    default:
      return gateStory(recording, other) ?? firstOrderStory(recording, other);
  }
}

const nameOf = ({ variant }: Recording) => `${variantTitles[variant] ?? variant} run`;

/** ' Outputs differ by up to 2.3 from …', or nothing without a run to measure against. */
function apart(recording: Recording, other: Recording | undefined): string {
  if (!other) return '';
  const { most, notFinite, elements } = outputDifference(recording, other, 'out');
  const lost = notFinite > 0 ? `, and ${exactText(notFinite)} of ${exactText(elements)} are no numbers` : '';
  return `: outputs differ by up to ${valueText(most)} from the ${nameOf(other)} on the same input${lost}`;
}

function quotientStory(recording: Recording, other: Recording | undefined): string | null {
  const product = runningProductOf(recording);
  if (!product) return null;
  const guarded = trapOf(recording) === 'guarded-quotient';
  const least = product.bound.toExponential(1);
  const bound = guarded ? `1e-12, what is added to the divisor,` : `${least}, the smallest normal number,`;
  if (product.first === null) {
    return `The running product P stayed above ${guarded ? '1e-12' : least} (least ${valueText(product.least)}), so dividing by it is still right; a longer sequence breaks it.`;
  }
  const where = `at time step ${product.first}, in the end for ${exactText(product.below)} of ${exactText(product.chains)} states`;
  if (guarded) {
    return `The running product P fell below ${bound} first ${where}; what was written after that is forgotten${apart(recording, other)}. The recurrence itself divides by nothing: untick the trap.`;
  }
  const lost = `${exactText(product.notFinite)} of the ${exactText(product.recorded)} recorded values of h are no numbers`;
  return `The running product P fell below ${bound} first ${where}: 0 · ∞, and ${lost}. The recurrence itself divides by nothing: untick the trap.`;
}

function naiveHoldStory(recording: Recording, other: Recording | undefined): string {
  return `(eˣ − 1) / x, which is nearly 1 where x = ΔA is near 0, loses its digits there and is 0 / 0 where A is 0${apart(recording, other)}. Its series mends it: untick the trap.`;
}

function firstOrderStory(recording: Recording, other: Recording | undefined): string | null {
  if (trapOf(recording) !== 'first-order') return null;
  return `B̄ = ΔB stands where the exact zero-order hold (exp(ΔA) − 1) / A · B was asked for${apart(recording, other)}. Untick the trap, or ask for euler.`;
}

function gateStory(recording: Recording, other: Recording | undefined): string | null {
  const gated = gateOf(recording);
  if (!gated) return null;
  const distance = valueText(distanceFromGate(recording, gated));
  const gate = 'the gate h = (1 − g) h + g u';
  const firstOrder = recording.config.discretization === 'euler' || trapOf(recording) === 'first-order';
  if (!firstOrder) {
    return `With the exact zero-order hold, the scan is ${gate} of theorem 1, within ${distance}.`;
  }
  const exact = other && other.config.discretization === 'zoh';
  const beside = exact
    ? `, as in the ${nameOf(other)} beside it (${valueText(distanceFromGate(other, gated))} away)`
    : '';
  const remedy = trapOf(recording) === 'first-order' ? 'untick the trap' : 'choose zoh';
  return `With first-order B̄ = ΔB the output misses ${gate} of theorem 1 by up to ${distance}. Only the exact zero-order hold gives it${beside}: ${remedy}.`;
}
