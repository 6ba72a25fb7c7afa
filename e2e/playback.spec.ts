// What the page computes while a recording plays: nothing may keep it from answering.

import type { Page } from '@playwright/test';
import { FIRST_RUNS } from './exhibits.ts';
import { openPage, positionOf, rewind } from './stage.ts';
import { expect, test } from './watched-page.ts';

interface Task {
  /** Wall-clock time, ms; a busy machine lengthens it. */
  wallMs: number;
  /** Time the page's thread computed, ms. */
  cpuMs: number;
}

/** Plays for four seconds; the tasks that kept the page's thread for more than 50 ms of wall-clock time. */
async function longTasksWhilePlaying(page: Page): Promise<Task[]> {
  const client = await page.context().newCDPSession(page);
  const events: { name: string; ph: string; pid: number; tid: number; dur?: number; tdur?: number; args?: unknown }[] =
    [];
  client.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as typeof events)));
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline'] },
  });
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForTimeout(4000);
  const complete = new Promise((done) => client.once('Tracing.tracingComplete', done));
  await client.send('Tracing.end');
  await complete;
  await client.detach();
  // The page's thread is the one that fires its animation frames.
  const frames = events.filter(({ name }) => name === 'FireAnimationFrame');
  expect(frames.length).toBeGreaterThan(5);
  const { pid, tid } = frames[0]!;
  const tasks = events.filter((event) => event.pid === pid && event.tid === tid && event.name.endsWith('RunTask'));
  expect(tasks.some(({ tdur }) => tdur !== undefined && tdur > 0)).toBe(true);
  return tasks
    .map(({ dur = 0, tdur = 0 }) => ({ wallMs: dur / 1000, cpuMs: tdur / 1000 }))
    .filter(({ wallMs }) => wallMs > 50);
}

for (const { name, hash } of FIRST_RUNS) {
  test(`${name}: nothing blocks the page for 50 ms while a recording plays`, async ({ page }) => {
    test.setTimeout(120_000);
    await openPage(page, hash);
    const numbers = page.getByRole('region', { name: 'Numbers' });
    // Comparison and parity have finished, and timing too where it started: what follows is playback alone.
    await expect(numbers).toContainText(/allowed/, { timeout: 60_000 });
    await page.waitForTimeout(500);
    await expect(numbers).not.toContainText('Timing the plain kernels', { timeout: 60_000 });
    await rewind(page);
    const long = await longTasksWhilePlaying(page);
    expect((await positionOf(page)).tick).toBeGreaterThan(5);
    const words = long.map(({ wallMs, cpuMs }) => `${wallMs.toFixed(0)} (${cpuMs.toFixed(0)} computing)`);
    console.log(`${name}: tasks over 50 ms in four seconds of playback, ms: ${words.join(', ') || 'none'}`);
    // What the page computes is what it can answer for; a neighbour that takes the processor away is not its doing.
    expect(long.filter(({ cpuMs }) => cpuMs > 50)).toEqual([]);
  });
}
