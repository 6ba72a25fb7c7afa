import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadWholeView } from '../exhibit/whole-view.ts';
import { loadView } from '../mechanisms/load-view.ts';
import { decodeRecordingFile } from '../state/recordings/recording-file.ts';

const folder = new URL('../../public/recordings/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.rec'));

test.each(files)('every view has a picture of %s', { timeout: 60_000 }, async (file) => {
  const recording = await decodeRecordingFile(new Uint8Array(readFileSync(new URL(file, folder))), file);
  const exhibit = await loadView(recording.mechanism);
  const views = await Promise.all(exhibit!.views.map(loadWholeView));
  expect(views.length).toBeGreaterThan(2);
  const state = { recording, tick: recording.trace.steps.length >> 1, selection: null, others: [] };
  for (const { id, svg } of views) {
    const picture = await svg!(state, { width: 480, height: 320 }, () => 'rgb(1 2 3)');
    expect(picture, id).toMatch(/<(rect|path|polyline|text)/);
  }
});
