import type { Page } from '@playwright/test';
import { FIRST_RUNS } from './exhibits.ts';
import { openPage, positionOf, rewind, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

const RANDOM = '#v=1&in=random&tick=0';

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

test('space, arrows, home, end and brackets play the recording', async ({ page }) => {
  await openPage(page, RANDOM);
  const { length } = await rewind(page);
  await page.getByRole('button', { name: 'To the start' }).blur();

  await page.keyboard.press('ArrowRight');
  await expect(scrubber(page)).toHaveValue('1');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(scrubber(page)).toHaveValue('11');
  await page.keyboard.press('ArrowLeft');
  await expect(scrubber(page)).toHaveValue('10');
  await page.keyboard.press('End');
  await expect(scrubber(page)).toHaveValue(String(length));
  await page.keyboard.press('Home');
  await expect(scrubber(page)).toHaveValue('0');

  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await expect.poll(async () => (await positionOf(page)).tick).toBeGreaterThan(1);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  const stopped = (await positionOf(page)).tick;
  await page.waitForTimeout(300);
  expect((await positionOf(page)).tick).toBe(stopped);

  const speed = page.getByRole('combobox', { name: 'Speed' });
  await expect(speed).toHaveValue('1');
  await page.keyboard.press(']');
  await expect(speed).toHaveValue('2');
  await page.keyboard.press('[');
  await page.keyboard.press('[');
  await expect(speed).toHaveValue('0.5');
});

test('buttons and scrubber move the cursor, and the words follow', async ({ page }) => {
  await openPage(page, RANDOM);
  const { length } = await rewind(page);
  const words = page.locator('.position');
  const shown = (count: number) => count.toLocaleString('en');
  await page.getByRole('button', { name: 'One step on' }).click();
  await expect(words).toContainText(`step 1 of ${shown(length)}`);
  await expect(words).toContainText(/workgroup \d/);
  await scrubber(page).fill(String(Math.floor(length / 2)));
  await expect(words).toContainText(`step ${shown(Math.floor(length / 2))} of ${shown(length)}`);
  await page.getByRole('button', { name: 'One step back' }).click();
  await expect(scrubber(page)).toHaveValue(String(Math.floor(length / 2) - 1));
  await page.getByRole('button', { name: 'To the end' }).click();
  await expect(scrubber(page)).toHaveValue(String(length));
});

test('with reduced motion the cursor jumps in discrete steps', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openPage(page, RANDOM);
  await rewind(page);
  const ticks = page.evaluate(async () => {
    const slider = document.querySelector<HTMLInputElement>('input[aria-label="Step"]')!;
    const changes: number[] = [];
    let last = slider.value;
    const end = performance.now() + 2500;
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame);
      if (slider.value !== last) changes.push(performance.now());
      last = slider.value;
    }
    return changes;
  });
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const changes = await ticks;
  expect(changes.length).toBeGreaterThan(1);
  const gaps = changes.slice(1).map((time, i) => time - changes[i]!);
  expect(Math.min(...gaps)).toBeGreaterThan(250);
});

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
