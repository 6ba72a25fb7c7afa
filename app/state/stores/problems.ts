// Turns whatever went wrong into what the page shows: the field, its value, the limit, and what can be done.

import { EngineError, type EngineErrorCode } from '#gpu/core/errors.ts';
import type { Control } from '../../exhibit/control.ts';
import { inOneLine } from './complaint.ts';
import type { Experiment } from './experiment.ts';
import type { Problem } from './session-store.ts';

const ADVICE: Partial<Record<EngineErrorCode, string>> = {
  'no-webgpu': 'Use a browser with WebGPU, such as Chrome.',
  'no-adapter': 'Update the graphics driver, or allow hardware acceleration.',
  'device-lost':
    'The graphics device went away. It is opened again by itself; run again if the picture does not return.',
  'bad-config': 'Change or reset the setting named here.',
  'bad-input': 'Change the input named here, or choose random input.',
  'shape-mismatch': 'Let the input decide the sizes, or change the setting named here.',
  'limit-exceeded': 'Choose a smaller value, up to the limit named here.',
  unsupported: 'Choose another kernel variant, or change the setting named here.',
  'unsupported-construct': 'The recorder cannot count this construct exactly, so it refuses. Rewrite that line.',
  'compile-failed': 'Correct the kernel at the line named here, or reset it.',
  'validation-failed': 'Correct the kernel, or reset it.',
  'out-of-memory': 'Choose smaller sizes: the device has no more memory.',
  'loop-budget': 'A loop ran past its budget and was stopped. Give it a bound, or reset the kernel.',
  'bad-file': 'Drop another file: one with the tensors named at Input, or an exported .rec.',
};

/** A text cannot be given a smaller value. */
const adviceFor = (code: EngineErrorCode, field: string | undefined) =>
  code === 'limit-exceeded' && (field === 'text' || field === 'n') ? 'Shorten the sentence.' : ADVICE[code];

function show(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return inOneLine(text ?? String(value));
}

/** True for the error of a cancelled call, whoever threw it. */
export function isAborted(error: unknown): boolean {
  if (error instanceof EngineError) return error.code === 'aborted';
  return error instanceof DOMException && error.name === 'AbortError';
}

export function problemOf(error: unknown): Problem {
  if (!(error instanceof EngineError)) {
    return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, field, limit, line, column } = error;
  // The message of a kernel that does not compile names the constants it was baked with.
  const value = code === 'compile-failed' ? undefined : error.value;
  return { code, message, field, value: show(value), limit: show(limit), line, column, advice: adviceFor(code, field) };
}

/** 'Keys (nk)': a setting as the set-up panel calls it, beside its key in links; the key alone where no control has it. */
export function settingName(key: string, controls: readonly Control[] = []): string {
  const label = controls.find(({ id }) => id === key)?.label;
  return label === undefined ? key : `${label} (${key})`;
}

/** The same problem with its setting called as the set-up panel calls it. */
export function inPanelWords(problem: Problem, controls: readonly Control[] = []): Problem {
  const { field, line, message } = problem;
  if (field === undefined || line !== undefined) return problem;
  // Sizes that would fit are offered by their keys: 'nq 64 in place of 999'.
  const offers = message.replace(/\b\w{1,64}(?= [\d,]{1,64} in place of )/g, (key) => settingName(key, controls));
  const name = settingName(field, controls);
  // A field that has a name is a plain word, so it means nothing else in the pattern.
  const said = name === field ? offers : offers.replace(new RegExp(`(?<![\\w(])${field}(?!\\w)`), name);
  return { ...problem, field: name, message: said };
}

/** What a problem of the experiment lets go of: its setting, or all of them where it is none of those set; null where none bears on it. */
export function resetOf(
  { code, field = '' }: Problem,
  { config, input }: Pick<Experiment, 'config' | 'input'>,
): 'setting' | 'settings' | null {
  if (code !== 'bad-config' && code !== 'limit-exceeded' && code !== 'unsupported' && code !== 'shape-mismatch')
    return null;
  if (Object.hasOwn(config, field)) return 'setting';
  return input === 'random' && Object.keys(config).length > 0 ? 'settings' : null;
}

/** The problem of an engine that did not open, with what to do about it on this platform. */
export async function openingProblemOf(error: unknown): Promise<Problem> {
  const problem = problemOf(error);
  const { code } = problem;
  if (code !== 'no-webgpu' && code !== 'no-adapter') return problem;
  try {
    const { platformAdvice } = await import('./platform-advice.ts');
    return { ...problem, advice: platformAdvice(code, navigator.userAgent) };
  } catch {
    // Gone offline in the meantime: the general advice has to do.
    return problem;
  }
}
