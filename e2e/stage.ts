// The page as the tests see it: opening it, where playback stands, whether a picture has ink.

import { expect, type Locator, type Page } from '@playwright/test';

export interface Position {
  tick: number;
  length: number;
}

export const scrubber = (page: Page): Locator => page.getByRole('slider', { name: 'Step', exact: true });

/** Opens the page and waits until a recording is on the stage. `hash` with `#`. */
export async function openPage(page: Page, hash = ''): Promise<void> {
  await page.goto(`./${hash}`);
  await expect(scrubber(page)).toBeEnabled({ timeout: 30_000 });
}

/** Keeps the answers to these requests back. @returns lets them through, those to come too */
export async function holdBack(page: Page, addresses: string | RegExp): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(addresses, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

export async function positionOf(page: Page): Promise<Position> {
  const slider = scrubber(page);
  return { tick: Number(await slider.inputValue()), length: Number(await slider.getAttribute('max')) };
}

/** Stops playback and puts the cursor at the start. */
export async function rewind(page: Page): Promise<Position> {
  const pause = page.getByRole('button', { name: 'Pause', exact: true });
  if (await pause.isVisible()) await pause.click();
  await page.getByRole('button', { name: 'To the start' }).click();
  await expect(scrubber(page)).toHaveValue('0');
  return positionOf(page);
}

/** Different colours among the pixels of `where`, or of the largest canvas inside it; 0 without a canvas, 1 for an empty one. */
export async function coloursIn(where: Locator): Promise<number> {
  return where.evaluate((root) => {
    const inside = root instanceof HTMLCanvasElement ? [root] : [...root.querySelectorAll('canvas')];
    const canvases = inside.sort((a, b) => b.width * b.height - a.width * a.height);
    const canvas = canvases[0];
    if (!canvas || canvas.width === 0 || canvas.height === 0) return 0;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

/** A fingerprint of every pixel of the canvases inside `where`: equal pictures give equal numbers. */
export async function fingerprintOf(where: Locator): Promise<number> {
  return where.evaluate((root) => {
    let hash = 0;
    for (const canvas of root.querySelectorAll('canvas')) {
      if (canvas.width === 0 || canvas.height === 0) continue;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      for (const word of new Uint32Array(data.buffer)) hash = (Math.imul(hash, 31) + word) | 0;
    }
    return hash;
  });
}

/** Elements that stick out on the right, and by how much the page scrolls sideways. */
export function sideways(page: Page): Promise<{ scrolls: number; wide: string[] }> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    // What ends in an ellipsis is cut on purpose.
    const shortened = (element: Element | null): boolean =>
      element !== null && (getComputedStyle(element).textOverflow === 'ellipsis' || shortened(element.parentElement));
    const wide = [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { right, width } = element.getBoundingClientRect();
        const hidden = element.closest('.visually-hidden, [popover], .code-line');
        return width > 0 && right > clientWidth + 1 && !hidden && !shortened(element.parentElement);
      })
      .map((element) => `${element.tagName}.${element.className}`);
    return { scrolls: scrollWidth - clientWidth, wide };
  });
}
