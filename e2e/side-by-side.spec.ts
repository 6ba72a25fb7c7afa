import { openPage } from './stage.ts';
import { expect, test } from './watched-page.ts';

/** Sizes of the hosts of the pictures side by side, and of what is drawn in them, CSS pixels. */
const ROOM = [
  [1440, 900],
  [1280, 720],
  [1024, 768],
  [390, 844],
] as const;

test('two pictures side by side are drawn at one size, on the page and presented, in every window', async ({
  page,
}) => {
  test.setTimeout(90_000);
  await openPage(page, '#v=1&vs=standard&view=memory&in=random&nq=64&nk=64&headDim=32&br=16&bc=16&tick=20');
  const canvases = page.locator('.pictures .pen-canvas__host > canvas:first-child');
  await expect(canvases).toHaveCount(2, { timeout: 60_000 });
  const drawn = () =>
    canvases.evaluateAll((each) => each.map((canvas) => [canvas.style.width, canvas.style.height].join(' × ')));
  for (const presented of [false, true]) {
    if (presented) await page.keyboard.press('p');
    for (const [width, height] of ROOM) {
      await page.setViewportSize({ width, height });
      const where = `${presented ? 'presented' : 'page'} at ${width} × ${height}`;
      await expect(async () => {
        const [first, second] = await drawn();
        expect(first, where).toMatch(/^\d+(\.\d+)?px × \d/);
        expect(second, where).toBe(first);
        // It follows the window: no picture reaches beyond the room of either.
        const fits = await canvases.evaluateAll((each) =>
          each.every((canvas) => {
            const host = canvas.parentElement!;
            return canvas.clientWidth <= host.clientWidth && canvas.clientHeight <= host.clientHeight;
          }),
        );
        expect(fits, where).toBe(true);
      }).toPass({ timeout: 5000 });
    }
  }
});
