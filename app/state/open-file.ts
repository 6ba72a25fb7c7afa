// A dropped or chosen file: its tensors become the input of the exhibit that is chosen, an exported recording plays.

import type { Page } from './page-context.ts';
import { problemOf } from './stores/problems.ts';

/** Larger files are refused before they are read, bytes. */
const MAX_FILE_BYTES = 512 * 2 ** 20;

/** A large file may be read when a smaller one that was opened after it is there already: the last one stays. */
let newest: File | undefined;

/** Reads the file and runs or plays it. @returns what was wrong with it, or null */
export async function openFile(
  { session, config, controller, mechanisms, views, loadExhibit }: Page,
  file: File,
): Promise<string | null> {
  if (file.size > MAX_FILE_BYTES) {
    return `${file.name} has ${file.size} bytes; at most ${MAX_FILE_BYTES} can be read here.`;
  }
  if (!/\.(safetensors|npy|npz|rec)$/i.test(file.name)) {
    return `${file.name} is no file this page reads: tensors as .safetensors, .npz or .npy, or an exported .rec.`;
  }
  newest = file;
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { mechanism } = config.getState().experiment;
    await loadExhibit(mechanism, 'whole');
    if (/\.rec$/i.test(file.name)) {
      const { openRecordingFile } = await import('./recordings/open-recording.ts');
      const exhibit = views.getState().get(mechanism);
      const recording = await openRecordingFile(bytes, file.name, mechanisms.getState(), mechanism, exhibit);
      if (newest === file) await controller.show(recording);
      return null;
    }
    const [{ inputsFromFile }, { nonFiniteRemark }] = await Promise.all([
      import('./run/file-input.ts'),
      import('./recordings/non-finite.ts'),
    ]);
    const reads = views.getState().get(mechanism)?.reads?.file;
    const tensors = await inputsFromFile(bytes, file.name, mechanisms.getState().get(mechanism)!, reads);
    const remark = nonFiniteRemark(file.name, tensors);
    if (newest !== file) return null;
    session.setState({ file: { name: file.name, mechanism, tensors, remark } });
    if (config.getState().experiment.input === 'file') controller.rerun();
    else config.getState().change({ input: 'file' });
    return null;
  } catch (error) {
    const { message, advice } = problemOf(error);
    return advice ? `${message}. ${advice}` : message;
  }
}
