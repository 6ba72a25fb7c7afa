// A dropped or chosen file: q, k and v of a .safetensors or .npy become the input, an exported recording plays.

import type { Page } from '../../state/page-context.ts';
import { problemOf } from '../../state/stores/problems.ts';

/** Larger files are refused before they are read, bytes. */
const MAX_FILE_BYTES = 512 * 2 ** 20;

/** Reads the file and runs or plays it. @returns what was wrong with it, or null */
export async function takeFile(
  { session, config, controller, mechanisms, loadExhibit }: Page,
  file: File,
): Promise<string | null> {
  if (file.size > MAX_FILE_BYTES) {
    return `${file.name} has ${file.size} bytes; at most ${MAX_FILE_BYTES} can be read here.`;
  }
  if (!/\.(safetensors|npy|npz|rec)$/i.test(file.name)) {
    return `${file.name} is no file this page reads: .safetensors, .npy or .npz with q, k and v, or an exported .rec.`;
  }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (/\.rec$/i.test(file.name)) {
      const { openRecordingFile } = await import('../../state/recordings/open-recording.ts');
      const { mechanism } = config.getState().experiment;
      await loadExhibit(mechanism, 'whole');
      await controller.show(openRecordingFile(bytes, file.name, mechanisms.getState(), mechanism));
      return null;
    }
    const [{ attentionInputsFromFile }, { nonFiniteRemark }] = await Promise.all([
      import('#gpu/model/dropped-file.ts'),
      import('../../state/recordings/non-finite.ts'),
    ]);
    const tensors = attentionInputsFromFile(bytes, file.name);
    session.setState({ file: { name: file.name, tensors, remark: nonFiniteRemark(file.name, tensors) } });
    if (config.getState().experiment.input === 'file') controller.rerun();
    else config.getState().change({ input: 'file' });
    return null;
  } catch (error) {
    const { message, advice } = problemOf(error);
    return advice ? `${message}. ${advice}` : message;
  }
}
