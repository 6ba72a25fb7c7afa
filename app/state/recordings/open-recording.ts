// An exported recording file, opened again: it plays, labelled with its device. Whatever cannot be shown is refused by name before it
// reaches the stage.

import { EngineError } from '#gpu/core/errors.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import { CHECKS } from './check-recording.ts';
import { checkConfig, requireDrawable } from './drawable.ts';
import { decodeRecordingFile } from './recording-file.ts';

let opened = 0;

/**
 * @param current id of the mechanism on screen: its views are the ones that can draw
 * @param exhibit whose views must be able to draw it
 * @throws EngineError bad-file for a damaged file, one of a mechanism or variant that is not here, one that contradicts itself
 */
export async function openRecordingFile(
  bytes: Uint8Array,
  name: string,
  mechanisms: ReadonlyMap<string, Mechanism>,
  current: string,
  exhibit?: MechanismView,
): Promise<Recording> {
  const bad = (why: string, value?: string, limit?: string[]) =>
    new EngineError('bad-file', `${name} cannot be played: ${why}`, { field: name, value, limit });
  const recording = await decodeRecordingFile(bytes, name, CHECKS);
  const { mechanism, variant } = recording;
  const variants = mechanisms.get(mechanism)?.variants.map(({ id }) => id);
  if (!variants || mechanism !== current) throw bad(`it is of ${mechanism}, the page shows ${current}`, mechanism);
  if (!variants.includes(variant)) throw bad(`there is no variant ${variant} here`, variant, variants);
  try {
    checkConfig(recording, mechanisms.get(mechanism)!);
    if (exhibit) await requireDrawable(recording, exhibit);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { message, field, value, limit } = error;
    throw new EngineError('bad-file', `${name} cannot be played: ${message}`, { field, value, limit });
  }
  opened += 1;
  return { ...recording, id: `file-${opened}`, device: { ...recording.device, origin: 'file', file: name } };
}
