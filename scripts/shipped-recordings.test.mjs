// What public/recordings holds must be what the project does today: a recording of a kernel that has since changed would be a picture
// of something that no longer runs.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { unwrittenOf } from '../app/exhibit/past-end.ts';
import { presetLink } from '../app/gallery/preset-link.ts';
import { encodeLink, openLink } from '../app/state/link/url-state.ts';
import { decodeRecordingFile } from '../app/state/recordings/recording-file.ts';
import { mechanisms } from '../gpu/mechanisms/all.ts';
import { POISON_WORD } from '../gpu/runtime/device/buffers.ts';
import { bake } from '../gpu/wgsl/text/bake.ts';

const FOLDER = fileURLToPath(new URL('../public/recordings', import.meta.url));
const MAX_BYTES = 4_000_000;
const REMEDY = 'run npm run recordings';
/** Limits of the device the recordings were made on, as far as plans ask for them. */
const LIMITS = {
  maxComputeWorkgroupStorageSize: 32_768,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
};
const index = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8'));
const read = (file) => decodeRecordingFile(new Uint8Array(readFileSync(join(FOLDER, file))), file);

/** The kernel's text today, with the values baked that the recorded plan names. */
function kernelToday({ mechanism, variant, plan }, file) {
  const { kernels } = mechanisms.get(mechanism).variants.find(({ id }) => id === variant);
  const { constants } = plan.passes.find(({ kernel }) => kernel === file);
  return bake(kernels.find((kernel) => kernel.file === file).wgsl, constants);
}

describe('shipped recordings', () => {
  it('are the default page and every preset, and nothing else lies beside them', () => {
    const links = [...mechanisms.values()]
      .filter(({ role }) => role === 'mechanism')
      .flatMap((mechanism) => mechanism.presets.map((preset) => encodeLink(presetLink(mechanism, preset, ''))));
    expect(
      index.map(({ link }) => link),
      REMEDY,
    ).toEqual(['', ...links]);
    expect(readdirSync(FOLDER).sort()).toEqual(['index.json', ...index.map(({ file }) => file)].sort());
    const bytes = index.reduce((sum, { file }) => sum + statSync(join(FOLDER, file)).size, 0);
    expect(bytes).toBeLessThan(MAX_BYTES);
  });

  it.each(index)('$file was made by the kernels as they are today', async ({ file }) => {
    const recording = await read(file);
    expect(recording.kernels.length).toBeGreaterThan(0);
    for (const kernel of recording.kernels) expect(kernel.wgsl, REMEDY).toBe(kernelToday(recording, kernel.file));
    const { mechanism, variant, plan, config } = recording;
    expect(mechanisms.get(mechanism).plan(variant, config, LIMITS), REMEDY).toEqual(plan);
  });

  it.each(index)(
    '$file is a whole, true run of what its link opens, labelled with its device',
    async ({ file, link, device }) => {
      const recording = await read(file);
      const { state, complaints } = openLink(link, mechanisms);
      expect(complaints).toEqual([]);
      expect(recording).toMatchObject({
        mechanism: state.experiment.mechanism,
        variant: state.experiment.variant,
        edited: [],
      });
      expect(recording.trace).toMatchObject({ matchesPlain: true, truncated: false });
      expect(recording.trace.steps.length).toBeGreaterThan(0);
      expect(recording.trace.outOfBounds ?? []).toEqual([]);
      expect(unwrittenOf(recording)).toEqual([]);
      expect(recording.device.label).toBe(device);
      // A numerical trap may give NaN; a word that nothing wrote is the poison, whatever the run.
      const words = Object.values(recording.outputs).flatMap(({ data }) => [...new Uint32Array(data.slice().buffer)]);
      expect(words).not.toContain(POISON_WORD);
      const hasTrap = (recording.config.trap ?? 'none') !== 'none';
      expect(hasTrap || Object.values(recording.outputs).every(({ data }) => !data.some(Number.isNaN))).toBe(true);
      expect(Boolean(recording.tokens)).toBe(state.experiment.input === 'sentence');
    },
  );
});
