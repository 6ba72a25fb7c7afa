// What a caller hands to the engine, checked for its kind before anything is done with it: callers without types (a console, a
// recording, a link) get an error that names the field instead of one from the middle of the engine.

import { EngineError } from '../../core/errors.ts';

const SEEDS = '0 … 4294967295';
const MAX_U32 = 0xffffffff;
const FLAGS = ['steps', 'touches', 'details', 'log'] as const;
const TRACE_KEYS = [...FLAGS, 'probes', 'maxBytes'];

/** @throws EngineError bad-input */
export function requireObject(field: string, value: unknown): asserts value is object {
  if (isObject(value)) return;
  throw refused(field, value, 'an object');
}

/** @throws EngineError bad-input for an Experiment or ModelSpec whose parts are of the wrong kind */
export function checkExperiment(what: unknown): void {
  requireObject('experiment', what);
  const { mechanism, variant, model, config, seed, sources } = what as Record<string, unknown>;
  if ('model' in what) requireText('model', model);
  else {
    requireText('mechanism', mechanism);
    requireText('variant', variant);
  }
  requireObject('config', config);
  if (seed !== undefined && !isCount(seed)) throw refused('seed', seed, `an integer in ${SEEDS}`, SEEDS);
  if (sources === undefined) return;
  requireObject('sources', sources);
  for (const [file, wgsl] of Object.entries(sources)) requireText(file, wgsl);
}

/** @throws EngineError bad-input for a KernelSpec whose parts are of the wrong kind */
export function checkKernelSpec(kernel: unknown): void {
  requireObject('kernel', kernel);
  const { wgsl, entryPoint, constants, workgroups, bindings } = kernel as Record<string, unknown>;
  requireText('wgsl', wgsl);
  if (entryPoint !== undefined) requireText('entryPoint', entryPoint);
  if (constants !== undefined) checkNumbers('constants', constants);
  if (!Array.isArray(workgroups) && !(isObject(workgroups) && 'indirect' in workgroups)) {
    throw refused('workgroups', workgroups, 'three numbers or { indirect, offset }');
  }
  if (!Array.isArray(bindings)) throw refused('bindings', bindings, 'a list');
  bindings.forEach((binding: unknown, index) => {
    const field = `bindings[${index}]`;
    requireObject(field, binding);
    checkBinding(field, binding as Record<string, unknown>);
  });
}

const KINDS = ['storage', 'read-only-storage', 'uniform'];
const ELEMENTS = ['f32', 'u32', 'i32'];

function checkBinding(field: string, { group, binding, name, kind, element, data }: Record<string, unknown>): void {
  if (group !== undefined && !isCount(group)) throw refused(`${field}.group`, group, 'an integer ≥ 0');
  if (!isCount(binding)) throw refused(`${field}.binding`, binding, 'an integer ≥ 0');
  if (name !== undefined) requireText(`${field}.name`, name);
  if (!KINDS.includes(kind as string)) throw refused(`${field}.kind`, kind, `one of ${KINDS.join(', ')}`, KINDS);
  if (element !== undefined && !ELEMENTS.includes(element as string)) {
    throw refused(`${field}.element`, element, `one of ${ELEMENTS.join(', ')}`, ELEMENTS);
  }
  if (data !== undefined && !ArrayBuffer.isView(data))
    throw refused(`${field}.data`, data, 'a typed array or DataView');
}

/** The options of a run, of a part of one, or of opening a session. @throws EngineError bad-input */
export function checkRun(options: unknown): void {
  requireObject('options', options);
  const { inputs, trace, params } = options as Record<string, unknown>;
  checkSignal(options);
  checkInputs(inputs);
  checkTrace(trace);
  if (params !== undefined) checkNumbers('params', params);
}

/** @throws EngineError bad-input */
export function checkMeasure(options: unknown): void {
  requireObject('options', options);
  checkSignal(options);
  const { onProgress } = options as { onProgress?: unknown };
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw refused('onProgress', onProgress, 'a function');
  }
  checkTiming(options);
}

function checkSignal({ signal }: { signal?: unknown }): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw refused('signal', signal, 'an AbortSignal');
}

/** Whether the tensors are objects at all; what is in them is checked against the plan. */
function checkInputs(inputs: unknown): void {
  if (inputs === undefined) return;
  requireObject('inputs', inputs);
  for (const [name, value] of Object.entries(inputs)) {
    if (!isObject(value)) throw refused(name, value, 'a tensor { shape, dtype, data }');
  }
}

function checkNumbers(field: string, values: unknown): void {
  requireObject(field, values);
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'number') throw refused(`${field}.${name}`, value, 'a number');
  }
}

function checkTrace(trace: unknown): void {
  if (trace === undefined || typeof trace === 'boolean') return;
  if (!isObject(trace)) throw refused('trace', trace, 'true, false or an object');
  for (const [key, value] of Object.entries(trace)) {
    if (!TRACE_KEYS.includes(key)) {
      const message = `trace has no key ${key}; it has ${TRACE_KEYS.join(', ')}`;
      throw new EngineError('bad-input', message, { field: `trace.${key}`, value, limit: TRACE_KEYS });
    }
  }
  const { probes, maxBytes, ...flags } = trace as Record<string, unknown>;
  for (const key of FLAGS) {
    const flag = flags[key];
    if (flag !== undefined && typeof flag !== 'boolean') throw refused(`trace.${key}`, flag, 'true or false');
  }
  if (maxBytes !== undefined && !(typeof maxBytes === 'number' && maxBytes >= 0)) {
    throw refused('trace.maxBytes', maxBytes, 'a number of bytes ≥ 0', 0);
  }
  if (probes === undefined || typeof probes === 'boolean') return;
  if (!Array.isArray(probes)) throw refused('trace.probes', probes, 'true, false or a list of invocation indices');
  probes.forEach((value: unknown, index) => {
    if (!isCount(value)) throw refused(`trace.probes[${index}]`, value, 'an integer ≥ 0', 0);
  });
}

/** @throws EngineError bad-input */
export function checkTiming({ rounds, minSampleMs }: { rounds?: unknown; minSampleMs?: unknown }): void {
  if (rounds !== undefined && !(isCount(rounds) && rounds >= 1)) throw refused('rounds', rounds, 'an integer ≥ 1', 1);
  if (minSampleMs !== undefined && !(Number.isFinite(minSampleMs) && (minSampleMs as number) >= 0)) {
    throw refused('minSampleMs', minSampleMs, 'a finite number ≥ 0', 0);
  }
}

/** @throws EngineError bad-input */
export function checkContestants(contestants: unknown): void {
  if (!Array.isArray(contestants)) throw refused('contestants', contestants, 'a list');
  for (const each of contestants as unknown[]) {
    if (isObject(each) && 'wgsl' in each) checkKernelSpec(each);
    else checkExperiment(each);
  }
}

function requireText(field: string, value: unknown): void {
  if (typeof value !== 'string') throw refused(field, value, 'a text');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_U32;
}

function refused(field: string, value: unknown, wanted: string, limit?: unknown): EngineError {
  return new EngineError('bad-input', `${field} is ${inWords(value)}; ${wanted} is needed`, { field, value, limit });
}

function inWords(value: unknown): string {
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value === 'string') return JSON.stringify(value);
  return Array.isArray(value) ? 'a list' : isObject(value) ? 'an object' : String(value);
}
