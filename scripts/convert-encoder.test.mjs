import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('converting the package again gives the shipped files, byte for byte', () => {
  const script = fileURLToPath(new URL('convert-encoder.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stdout + stderr).toContain('5 files are up to date');
  expect(status).toBe(0);
}, 60_000);
