// Files in and out: dropped tensors, exported recording, trace, table and pictures, the gallery drawn from shipped recordings.

import { readFileSync } from 'node:fs';
import type { Download, Page } from '@playwright/test';
import { openPage, rewind } from './stage.ts';
import { expect, test } from './watched-page.ts';

const RANDOM = '#v=1&in=random&tick=0';

/** A .npy file of f32 zeros to tenths, C order. */
function npyOf(shape: number[]): Buffer {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const padded = `${header.padEnd(117)}\n`;
  const lead = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length, 0]);
  const data = Float32Array.from({ length: count }, (_, i) => (i % 11) / 10);
  return Buffer.concat([lead, Buffer.from(padded), Buffer.from(data.buffer)]);
}

test('a .npy file of q, k and v runs; one that is none says why', async ({ page }) => {
  await openPage(page, '#v=1&in=file');
  const input = page.locator('input[type="file"]');
  await input.setInputFiles({ name: 'qkv.npy', mimeType: 'application/octet-stream', buffer: npyOf([3, 20, 2, 16]) });
  const setup = page.getByRole('region', { name: 'Set up' });
  await expect(setup).toContainText('qkv.npy');
  const story = page.locator('.story-line');
  await expect(story).toContainText('20', { timeout: 30_000 });

  await input.setInputFiles({ name: 'broken.npy', mimeType: 'application/octet-stream', buffer: Buffer.from('hello') });
  await expect(setup.getByRole('alert')).toContainText(/5 bytes/);
});

/** A .safetensors file of f32 tensors, all of their elements 0.1 … 1. */
function safetensorsOf(tensors: Record<string, number[]>): Buffer {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, shape]) => {
      const bytes = 4 * shape.reduce((product, extent) => product * extent, 1);
      at += bytes;
      return [name, { dtype: 'F32', shape, data_offsets: [at - bytes, at] }];
    }),
  );
  const json = Buffer.from(JSON.stringify(header));
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(BigInt(json.length));
  const data = Float32Array.from({ length: at / 4 }, (_, i) => ((i % 10) + 1) / 10);
  return Buffer.concat([lead, json, Buffer.from(data.buffer)]);
}

test('the tensors of a scan run in its exhibit; a wrong shape and a missing tensor are named', async ({ page }) => {
  await openPage(page, '#v=1&m=selective-scan&in=file&tick=0');
  const setup = page.getByRole('region', { name: 'Set up' });
  await expect(setup).toContainText('.npz file with u [batch, channel, time], delta [batch, channel, time]');
  const input = page.locator('input[type="file"]');
  const drop = (name: string, tensors: Record<string, number[]>) =>
    input.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: safetensorsOf(tensors) });
  const scan = { u: [1, 3, 20], delta: [1, 3, 20], A: [3, 2], B: [1, 2, 20], C: [1, 2, 20] };
  await drop('layer.safetensors', { ...scan, D: [3] });
  await expect(setup).toContainText('layer.safetensors');
  await expect(setup).toContainText(/D \[3( channel)?\]/);
  await expect(page.locator('.story:not(.stale) .story-line')).toContainText('20 time steps of 3 channels', {
    timeout: 30_000,
  });
  await expect(page.getByRole('region', { name: /^Parity/ })).toContainText(/allowed/, { timeout: 30_000 });

  await drop('wrong.safetensors', { ...scan, A: [4, 2] });
  await expect(setup.getByRole('alert')).toContainText('wrong.safetensors: A says dim = 4');
  await drop('less.safetensors', { u: scan.u, delta: scan.delta, A: scan.A, B: scan.B });
  await expect(setup.getByRole('alert')).toContainText('less.safetensors: C is missing');
  // What ran before is still the input.
  await expect(setup).toContainText('layer.safetensors');
});

test('an exhibit that reads no sentences says so, and runs on random input as it shows', async ({ page }) => {
  await openPage(page, '#v=1&m=ssd');
  const setup = page.getByRole('region', { name: 'Set up' });
  await expect(setup).toContainText('reads no sentences');
  await expect(setup.getByRole('radio', { name: 'Sentence' })).toBeDisabled();
  await expect(setup.getByRole('radio', { name: 'Random' })).toBeChecked();
  await expect(page.locator('.story:not(.stale) .story-line')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('stands in')).toHaveCount(0);
});

async function exported(page: Page, name: RegExp): Promise<{ download: Download; bytes: Buffer }> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return { download, bytes: readFileSync(await download.path()) };
}

test('recording, trace, table and pictures are exported as files that hold the run', async ({ page }) => {
  await openPage(page, RANDOM);
  const { length } = await rewind(page);
  const recording = await exported(page, /^Recording/);
  expect(recording.download.suggestedFilename()).toMatch(/\.rec$/);
  expect(recording.bytes.subarray(0, 2).toString()).toBe('PK');
  const trace = JSON.parse((await exported(page, /^Trace/)).bytes.toString());
  const events = Array.isArray(trace) ? trace : trace.traceEvents;
  expect(events.length).toBeGreaterThanOrEqual(length);
  const table = (await exported(page, /table \(\.csv\)/)).bytes.toString();
  expect(table.trim().split('\n').length).toBeGreaterThan(2);
  const svg = (await exported(page, /picture \(\.svg\)/)).bytes.toString();
  expect(svg).toMatch(/^<svg[\s\S]*<(rect|path)/);
  const png = (await exported(page, /picture \(\.png\)/)).bytes;
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.length).toBeGreaterThan(2000);
});

test('the gallery shows a picture of every view of every preset and opens them', async ({ page }) => {
  await openPage(page, RANDOM);
  await page.getByRole('button', { name: 'Gallery' }).click();
  const gallery = page.getByRole('dialog', { name: 'Gallery' });
  const presets = gallery.getByRole('article');
  await expect(presets.nth(5)).toBeVisible();
  for (const preset of await presets.all()) {
    await preset.scrollIntoViewIfNeeded();
    await expect(preset.locator('img').first()).toBeVisible();
    expect(await preset.getByRole('button').count()).toBeGreaterThanOrEqual(3);
  }
  const causal = gallery.getByRole('article', { name: /causal/i }).first();
  await causal.getByRole('button', { name: 'Memory' }).click();
  await expect(gallery).toBeHidden();
  await expect(page.getByRole('tab', { name: 'Memory' })).toHaveAttribute('aria-selected', 'true');
  await expect(page).toHaveURL(/causal=1/);
});
