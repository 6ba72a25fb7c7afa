// The header of a recording file, looked at once: what ran, on what, with which text and tensors. What a picture may ask of it is there, of the
// right kind, and agrees with the trace.

import { EngineError } from '#gpu/core/errors.ts';
import { elementCount, type Tensor } from '#gpu/core/tensor.ts';
import { checkPlan } from '#gpu/plan/check.ts';
import type { Plan } from '#gpu/plan/plan.ts';
import { checkTrace } from '#gpu/trace/check-trace.ts';
import { badRecording, isCount, isName, isRecord } from '#gpu/trace/header-values.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { MAX_SOURCE_LENGTH, MAX_SOURCE_LINES } from '../stores/experiment.ts';
import type { RecordingChecks } from './recording-file.ts';

const MOST_TEXTS = 20_000;
const MOST_AXES = 8;
/** Of a tensor; bytes of it are beside the header and say the same. */
const MOST_ELEMENTS = 2 ** 24;
const DTYPES = ['f32', 'u32', 'i32'];
const ROLES = ['input', 'output', 'state', 'scratch'];

export const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= MOST_TEXTS && value.every((each) => isText(each) && each.length <= 2000);
const isTokens = (value: unknown) => isRecord(value) && isTexts(value.query) && isTexts(value.key);
const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= MOST_AXES && value.every((extent) => isCount(extent, MOST_ELEMENTS));
const isTripleOfCounts = (value: unknown) =>
  Array.isArray(value) && value.length === 3 && value.every((n) => isCount(n));

/** Whether the entries of a record all hold. */
const each = (value: unknown, holds: (entry: unknown, key: string) => boolean) =>
  isRecord(value) && Object.entries(value).every(([key, entry]) => isName(key) && holds(entry, key));

/** A tensor as a header names it. */
export const isTensorSpec = (spec: unknown): spec is Pick<Tensor, 'shape' | 'dtype'> =>
  isRecord(spec) &&
  DTYPES.includes(spec.dtype as string) &&
  isShape(spec.shape) &&
  elementCount(spec.shape) <= MOST_ELEMENTS;

const isBuffer = (buffer: unknown) => {
  if (!isRecord(buffer)) return false;
  const { name, role, axes, within, init } = buffer;
  return (
    isTensorSpec(buffer) &&
    isName(name) &&
    ROLES.includes(role as string) &&
    (axes === undefined || (Array.isArray(axes) && axes.every(isName))) &&
    (within === undefined || (isRecord(within) && isName(within.buffer) && isCount(within.at))) &&
    (!Array.isArray(init) || init.every((value) => typeof value === 'number'))
  );
};

const isPass = (pass: unknown) =>
  isRecord(pass) &&
  isName(pass.kernel) &&
  each(pass.constants, (value) => typeof value === 'number' || typeof value === 'boolean') &&
  each(pass.bindings, isName) &&
  each(pass.params, (value) => typeof value === 'number') &&
  (isTripleOfCounts(pass.workgroups) ||
    (isRecord(pass.workgroups) &&
      isName(pass.workgroups.indirect) &&
      isCount(pass.workgroups.offset) &&
      isTripleOfCounts(pass.workgroups.max)));

const isPlan = (plan: unknown) =>
  isRecord(plan) &&
  Array.isArray(plan.buffers) &&
  plan.buffers.every(isBuffer) &&
  Array.isArray(plan.passes) &&
  plan.passes.every(isPass) &&
  (plan.parts === undefined || each(plan.parts, (list) => Array.isArray(list) && list.every((i) => isCount(i))));

const isKernel = (kernel: unknown) =>
  isRecord(kernel) &&
  isName(kernel.file) &&
  isText(kernel.wgsl) &&
  kernel.wgsl.length <= 2 * MAX_SOURCE_LENGTH &&
  kernel.wgsl.split('\n', MAX_SOURCE_LINES + 1).length <= MAX_SOURCE_LINES;

/** What the header must say, each with what holds of it. */
const NEEDED: readonly [name: string, holds: (value: unknown) => boolean][] = [
  ['mechanism', isName],
  ['variant', isName],
  ['config', isRecord],
  ['plan', isPlan],
  ['kernels', (kernels) => Array.isArray(kernels) && kernels.length <= 64 && kernels.every(isKernel)],
  ['inputs', (inputs) => each(inputs, isTensorSpec)],
  ['outputs', (outputs) => each(outputs, isTensorSpec)],
  ['device', (device) => isRecord(device) && isText(device.label) && typeof device.isSoftware === 'boolean'],
  ['tokens', (tokens) => tokens === undefined || isTokens(tokens)],
  ['edited', isTexts],
  ['warnings', isTexts],
  ['without', (without) => without === undefined || isTexts(without)],
  ['matchesPlain', (matches) => typeof matches === 'boolean'],
  ['largestDifference', (most) => most === undefined || typeof most === 'number'],
];

/** Before anything else of the file is unpacked. @throws EngineError bad-file naming the key */
function checkHeader(header: unknown): void {
  if (!isRecord(header)) throw badRecording('header', 'cannot be read');
  for (const [name, holds] of NEEDED) if (!holds(header[name])) throw badRecording(name, 'cannot be read');
  const { plan, kernels } = header as unknown as Recording;
  try {
    checkPlan(plan, Object.fromEntries(kernels.map(({ file, wgsl }) => [file, wgsl])), {});
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { message, value, limit } = error;
    throw badRecording('plan', `contradicts itself: ${message.replace(/^malformed plan: /, '')}`, value, limit);
  }
  for (const part of ['inputs', 'outputs'] as const) {
    for (const [name, { shape, dtype }] of Object.entries((header as unknown as Recording)[part])) {
      const planned = plan.buffers.find((buffer) => buffer.name === name);
      if (planned?.dtype === dtype && planned.shape.join() === shape.join()) continue;
      throw badRecording(`${part}.${name}`, 'is no tensor of the plan', shape, planned?.shape);
    }
  }
}

/** What ran is what was planned, buffer by buffer and dispatch by dispatch. @throws EngineError bad-file */
function checkAgreement({ plan, kernels, trace }: Recording): void {
  const planned = runPasses(plan);
  const ran = trace.dispatches;
  if (ran.length !== planned.length)
    throw badRecording('dispatches', 'are not those of the plan', ran.length, planned.length);
  for (const [i, { kernel, workgroups }] of planned.entries()) {
    if (ran[i]!.kernel !== kernel)
      throw badRecording(`dispatches.${i}`, 'is of another kernel', ran[i]!.kernel, kernel);
    if (Array.isArray(workgroups) && ran[i]!.workgroups.join() !== workgroups.join())
      throw badRecording(`dispatches.${i}`, 'has other workgroups', ran[i]!.workgroups, workgroups);
  }
  const files = new Set(kernels.map(({ file }) => file));
  const unknown = ran.find(({ kernel }) => !files.has(kernel));
  if (unknown) throw badRecording('kernels', `have no ${unknown.kernel}`, unknown.kernel, [...files]);
  for (const { name, space, length, elementBytes } of trace.buffers) {
    if (space !== 'storage') continue;
    const buffer = plan.buffers.find((each) => each.name === name);
    if (!buffer) throw badRecording('buffers', `have one that the plan has not: ${name}`, name);
    const words = Math.max(1, elementCount(buffer.shape));
    if (length * elementBytes !== words * 4)
      throw badRecording(`buffers.${name}`, 'is of another size than in the plan', length * elementBytes, words * 4);
  }
  for (const { buffer, loads, stores } of trace.touches ?? []) {
    const own = trace.buffers.find(({ name, space }) => name === buffer && space === 'storage')!;
    const words = (own.length * own.elementBytes) / 4;
    if (loads.length !== words || stores.length !== words)
      throw badRecording(`touches.${buffer}`, 'are of another length than the buffer', loads.length, words);
  }
}

function runPasses({ passes, parts }: Plan) {
  return (parts && Object.hasOwn(parts, 'run') ? parts.run! : [...passes.keys()]).map((index) => passes[index]!);
}

/** For a file that somebody gave. */
export const CHECKS: RecordingChecks = { header: checkHeader, trace: checkTrace, whole: checkAgreement };
