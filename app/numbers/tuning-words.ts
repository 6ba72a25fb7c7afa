// What is known of a kernel tuned to this device, and how it is said: which form runs and why, how the candidates compare, what is kept.
// Plain data and pure functions.

import type { Tuning } from '#gpu/plan/kernel-form.ts';
import type { TuningResult, TuningState, TuningTrial } from '../exhibit/results.ts';
import { timeText } from '../words/quantities.ts';
import { differ } from './timing-verdict.ts';

const sameTuning = (a: Tuning, b: Tuning) => Object.keys(a).every((name) => a[name] === b[name]);

/** 'BR 32, LANES 8', in the kernel's own order. */
const tuningText = (tuning: Tuning) =>
  Object.entries(tuning)
    .map((entry) => entry.join(' '))
    .join(', ');

export interface TuningRow extends TuningTrial {
  label: string;
  /** Beside the one picked. `apart`: faster, but not measured side by side with it. */
  standing: 'picked' | 'none' | 'slower' | 'apart';
  words: string;
}

/** The candidates, the fastest median first. */
export function tuningRows({ tuning, trials }: TuningResult): TuningRow[] {
  const picked = trials.find((trial) => sameTuning(tuning, trial.tuning));
  const rows = trials.map((trial): TuningRow => {
    const row = (standing: TuningRow['standing'], words: string) => ({
      ...trial,
      label: Object.values(trial.tuning).join(' · '),
      standing,
      words,
    });
    if (!picked || trial === picked) return row('picked', 'picked');
    if (!differ(trial.measurement, picked.measurement)) return row('none', 'no difference shown');
    const ratio = trial.measurement.medianMs / picked.measurement.medianMs;
    return ratio < 1 ? row('apart', 'measured apart') : row('slower', `${ratio.toFixed(2)}× the time`);
  });
  return rows.sort((a, b) => a.measurement.medianMs - b.measurement.medianMs);
}

/** Names of the constants, in the order of a row's label: 'BC · BR · LANES'. */
export const tuningHeading = ({ tuning }: TuningResult) => Object.keys(tuning).join(' · ');

/** Which form of the kernel runs, and which facts of the adapter decided. */
export function formText({ form, kernel, device }: TuningState): string {
  if (!form) return `The kernel ${kernel} has one form for all devices.`;
  if (form.named) return `The settings name the form “${form.id}” (${kernel}), whatever suits this adapter.`;
  const { isSoftware, subgroupMinSize: least, subgroupMaxSize: most } = device;
  if (!isSoftware) {
    return `This adapter is a graphics processor, so the form “gpu” runs (${kernel}): tiles in workgroup memory, shared by all invocations of a workgroup.`;
  }
  const on = 'This adapter computes on the processor (a software adapter)';
  const why = 'without barriers or workgroup memory, which cost most there';
  if (least === 0) return `${on} and has no subgroups, so the form “${form.id}” runs (${kernel}): ${why}.`;
  const size = least === most ? `of ${least}` : `of ${least} to ${most}`;
  if (form.id === 'software') return `${on} with subgroups ${size}, too small for quads, so “software” runs: ${why}.`;
  return `${on} with subgroups ${size}, so the form “${form.id}” runs (${kernel}): ${why}, and four invocations share their loads by swapping registers.`;
}

/** What runs, and who says so. */
export function usedText({ used, own, from, result, device, edited }: TuningState): string {
  const values = tuningText(used);
  if (from === 'settings')
    return `${values}: named by the settings, so what is remembered for this device is not used.`;
  if (edited.length > 0) {
    const source = from === 'own' ? 'the kernel’s own values' : 'picked for the kernel as shipped';
    return `${values}: ${source}. The edited kernel is another one, and is not tuned.`;
  }
  if (!result) return `${values}: the kernel’s own values, not tuned yet.`;
  if (!sameTuning(used, result.tuning)) return `${tuningText(result.tuning)} was picked; the next run uses it.`;
  if (sameTuning(used, own)) return `${values}: the kernel’s own values stay, nothing was shown to be faster.`;
  const trialOf = (tuning: Tuning) => result.trials.find((trial) => sameTuning(tuning, trial.tuning))?.measurement;
  const [mine, before] = [trialOf(used), trialOf(own)];
  if (!mine || !before) return `${values}, picked by measuring.`;
  const ratio = (before.medianMs / mine.medianMs).toFixed(2);
  return `${values}: ${ratio} times as fast as the kernel’s own ${tuningText(own)} on this ${device.isSoftware ? 'software adapter' : 'device'}.`;
}

/** How many candidates were timed, for how long, on what. */
export function effortText({ trials, failed, tookMs, inputs }: TuningResult): string {
  if (trials.length === 0) return 'The measurements behind it were not kept.';
  const rounds = trials[0]!.measurement.rounds;
  const refused = failed.length === 0 ? '' : ` Not run by this device: ${failed.map(tuningText).join('; ')}.`;
  return `${trials.length} candidates in ${timeText(tookMs)}, ${rounds} interleaved rounds each, with ${inputs}.${refused}`;
}

/** Where the result is kept, and for what it holds. */
export function keptText({ kept, result }: TuningState): string {
  const scope = 'for this device, this kernel and sizes up to the next power of two';
  if (!kept) {
    return result
      ? 'Not remembered: this browser lets the page keep nothing. It is used until the page is closed.'
      : 'What is found here will not be remembered: this browser lets the page keep nothing.';
  }
  if (!result) return '';
  if (!result.recalled) return `Remembered, ${scope}.`;
  return `Remembered from ${new Date(result.at).toLocaleString()}, ${scope}.`;
}
