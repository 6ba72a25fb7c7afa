// Playing never moves layout: where the parts of stage and playback bar stand, at many steps of a run.

import type { Page } from '@playwright/test';

/** Everything that has a place of its own; what is drawn within a picture is the picture's. */
const PARTS =
  '.stage, .story, .story-foot, .view-head, .view-summary, .pictures, .picture, .picture canvas, .strip-legend, .strip-note, .axis-pickers, .row-statistics, .playback, .playback > *';

/** Steps that are shown, evenly many. */
const STEPS = 24;

/** Parts that were not where they were at the first step: each once, with where it was and where it went. */
export async function partsThatMove(page: Page): Promise<string[]> {
  return page.evaluate(
    async ({ parts, count }) => {
      const slider = document.querySelector<HTMLInputElement>('input[aria-label="Step"]')!;
      const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!;
      const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const places = () =>
        new Map(
          [...document.querySelectorAll(parts)].map((part, i) => {
            const { x, y, width, height } = part.getBoundingClientRect();
            return [`${i} ${part.tagName} ${part.className}`, [x, y, width, height].map(Math.round).join(' ')];
          }),
        );
      const show = async (at: number) => {
        setValue.call(slider, String(Math.round((Number(slider.max) * at) / count)));
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        await drawn();
      };
      await show(0);
      await drawn();
      const first = places();
      const moved = new Map<string, string>();
      for (let at = 1; at <= count; at++) {
        await show(at);
        for (const [part, place] of places())
          if (first.get(part) !== place && !moved.has(part))
            moved.set(part, `${part} from ${first.get(part)} to ${place}`);
      }
      return [...moved.values()];
    },
    { parts: PARTS, count: STEPS },
  );
}
