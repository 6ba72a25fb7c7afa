// An exported recording file, opened again: it plays, labelled with its device. Whatever cannot be shown is refused by name before it
// reaches the stage.

import { EngineError } from '#gpu/core/errors.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { decodeRecordingFile } from './recording-file.ts';

const isText = (value: unknown): value is string => typeof value === 'string';
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isTokens = (value: unknown) => isRecord(value) && isTexts(value.query) && isTexts(value.key);

/** What the header must say, each with the words that name it. */
const NEEDED: readonly [name: keyof Recording, holds: (recording: Recording) => boolean][] = [
  ['config', ({ config }) => isRecord(config)],
  ['plan', ({ plan }) => isRecord(plan) && Array.isArray(plan.buffers) && Array.isArray(plan.passes)],
  [
    'kernels',
    ({ kernels }) =>
      Array.isArray(kernels) && kernels.every((each) => isRecord(each) && isText(each.file) && isText(each.wgsl)),
  ],
  ['device', ({ device }) => isRecord(device) && isText(device.label) && typeof device.isSoftware === 'boolean'],
  ['tokens', ({ tokens }) => tokens === undefined || isTokens(tokens)],
  ['edited', ({ edited }) => isTexts(edited)],
  ['warnings', ({ warnings }) => isTexts(warnings)],
  ['without', ({ without }) => without === undefined || isTexts(without)],
];

let opened = 0;

/**
 * @param current id of the mechanism on screen: its views are the ones that can draw
 * @throws EngineError bad-file for a damaged file, one of a mechanism or variant that is not here, one with fields missing
 */
export async function openRecordingFile(
  bytes: Uint8Array,
  name: string,
  mechanisms: ReadonlyMap<string, Mechanism>,
  current: string,
): Promise<Recording> {
  const bad = (why: string, value?: string, limit?: string[]) =>
    new EngineError('bad-file', `${name} cannot be played: ${why}`, { field: name, value, limit });
  const recording = await decodeRecordingFile(bytes, name);
  const missing = NEEDED.find(([, holds]) => !holds(recording));
  if (missing) throw bad(`its ${missing[0]} cannot be read`);
  const { mechanism, variant } = recording;
  const variants = mechanisms.get(mechanism)?.variants.map(({ id }) => id);
  if (!variants || mechanism !== current) throw bad(`it is of ${mechanism}, the page shows ${current}`, mechanism);
  if (!variants.includes(variant)) throw bad(`there is no variant ${variant} here`, variant, variants);
  opened += 1;
  return { ...recording, id: `file-${opened}`, device: { ...recording.device, origin: 'file', file: name } };
}
