// Playback by keys, buttons and scrubber, and with reduced motion.

import { openPage, positionOf, rewind, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

const RANDOM = '#v=1&in=random&tick=0';

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

test('while playing, the bar, the lines of words and the scrubber tell one step at every moment', async ({ page }) => {
  await openPage(page, `${RANDOM}&nq=64&nk=64&below=memory`);
  await rewind(page);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('4');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const seen = await page.evaluate(async () => {
    const stepIn = (selector: string) =>
      [...document.querySelectorAll(selector)].map(
        ({ textContent }) => /step ([\d,]+) of/i.exec(textContent ?? '')?.[1],
      );
    const moments: (string | undefined)[][] = [];
    for (let frame = 0; frame < 90; frame++) {
      await new Promise(requestAnimationFrame);
      const slider = document.querySelector<HTMLInputElement>('.scrubber')!;
      const told = [...stepIn('.position'), ...stepIn('.view-summary'), Number(slider.value).toLocaleString('en')];
      if (slider.value !== '0') moments.push(told);
    }
    return moments;
  });
  expect(new Set(seen.map(([first]) => first)).size).toBeGreaterThan(5);
  for (const moment of seen) {
    expect(moment.length).toBeGreaterThanOrEqual(4);
    expect(new Set(moment).size, moment.join(', ')).toBe(1);
  }
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
