// Every action of the page by its keys, as the help lists them, and by its button: real presses, and what they do.

import type { Page } from '@playwright/test';
import { ACTIONS, type Action, type ActionId } from '../app/shell/actions.ts';
import { keyText } from '../app/shell/key-names.ts';
import { openPage, positionOf, rewind, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

const ACTED: readonly Action[] = ACTIONS;

const selectedTab = (page: Page) => page.locator('.main-view [role="tab"][aria-selected="true"]').textContent();
const speedOf = (page: Page) => page.getByRole('combobox', { name: 'Speed' }).inputValue();
const seedOf = (page: Page) => page.getByRole('spinbutton', { name: 'Seed' }).inputValue();
const presents = (page: Page) => page.locator('html').getAttribute('data-present');

const runsOf = (page: Page) => page.evaluate(() => (window as unknown as { runs: number }).runs);

/** What must be so before, and what an action changes: read before and after. */
interface Effect {
  before?(page: Page): Promise<unknown>;
  seen(page: Page): Promise<unknown>;
  /** Puts back what would be in the way of the next. */
  after?(page: Page): Promise<unknown>;
}

const atTick =
  (tick: number): Effect['before'] =>
  (page) =>
    scrubber(page).fill(String(tick));
const tick: Effect = { before: atTick(20), seen: async (page) => (await positionOf(page)).tick };
const present = (page: Page) => page.locator('[data-action="present"]').click();
const leave = (page: Page) => page.locator('[data-action="leave-presentation"]').click();
const dialog = (name: string): Effect => ({
  seen: (page) => page.getByRole('dialog', { name }).count(),
  after: (page) => page.keyboard.press('Escape'),
});
const nextSeed = (page: Page) => page.getByRole('button', { name: 'Next', exact: true }).click();

const EFFECTS: Record<ActionId, Effect> = {
  play: {
    before: atTick(0),
    seen: (page) => page.getByRole('button', { name: 'Pause', exact: true }).count(),
    after: (page) => page.getByRole('button', { name: 'Pause', exact: true }).click(),
  },
  'step-back': tick,
  'step-on': tick,
  'ten-back': tick,
  'ten-on': tick,
  start: tick,
  end: tick,
  slower: { seen: speedOf },
  faster: { seen: speedOf },
  'next-view': { seen: selectedTab },
  'previous-view': { seen: selectedTab },
  table: {
    seen: (page) => page.getByRole('tabpanel').getByRole('table').count(),
    after: (page) => page.locator('[data-action="table"]').click(),
  },
  'drop-selection': {
    async before(page) {
      await page.getByRole('tabpanel').getByRole('application').first().focus();
      await page.keyboard.press('ArrowRight');
      await expect(page).toHaveURL(/sel=/);
    },
    seen: async (page) => /sel=/.test(page.url()),
  },
  compare: { seen: (page) => page.getByRole('combobox', { name: 'Compare with' }).inputValue() },
  run: {
    // What is compared is run too: first that has to be over.
    before: (page) =>
      expect(async () => {
        const before = await runsOf(page);
        await page.waitForTimeout(700);
        expect(await runsOf(page)).toBe(before);
      }).toPass({ timeout: 45_000 }),
    seen: runsOf,
  },
  undo: { before: nextSeed, seen: seedOf },
  redo: {
    async before(page) {
      await nextSeed(page);
      await page.locator('[data-action="undo"]').click();
    },
    seen: seedOf,
  },
  present: { seen: presents, after: leave },
  'leave-presentation': { before: present, seen: presents },
  'full-screen': {
    seen: (page) => page.evaluate(() => document.fullscreenElement !== null),
    after: (page) => page.evaluate(() => document.exitFullscreen()),
  },
  models: {
    seen: (page) => page.getByRole('main', { name: 'Models' }).count(),
    async after(page) {
      await page.goBack();
      await expect(page.getByRole('main', { name: 'Stage' })).toBeVisible();
    },
  },
  gallery: dialog('Gallery'),
  share: { seen: (page) => page.locator('[data-action="share"]').textContent() },
  export: {
    seen: (page) => page.getByRole('button', { name: /^Recording \(/ }).isVisible(),
    after: (page) => page.keyboard.press('Escape'),
  },
  theme: { seen: (page) => page.locator('[data-action="theme"]').getAttribute('aria-label') },
  help: dialog('Help'),
};

/** 'Ctrl Shift z' as the test's keyboard has it. */
const pressOf = (key: string) => (key === ' ' ? 'Space' : key.replaceAll('Ctrl', 'Control').replaceAll(' ', '+'));

/** Counts the runs that begin, so that one that gives the same picture is seen too. */
function countRuns(): void {
  const counted = window as unknown as { runs: number };
  counted.runs = 0;
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, ...args: [unknown]) {
    if ((args[0] as { call?: string } | null)?.call === 'run') counted.runs++;
    return postMessage.apply(this, args);
  } as typeof postMessage;
}

async function act(page: Page, effect: Effect, name: string, press: () => Promise<unknown>): Promise<void> {
  await effect.before?.(page);
  const was = await effect.seen(page);
  await press();
  await expect.poll(() => effect.seen(page), { message: name }).not.toEqual(was);
  await effect.after?.(page);
}

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('the help lists every key, and every key does what it says; what has no key has a button', async ({ page }) => {
  test.setTimeout(120_000);
  await page.addInitScript(countRuns);
  await openPage(page, '#v=2&in=random&tick=0');
  await rewind(page);
  await page.locator('[data-action="help"]').click();
  const help = page.getByRole('dialog', { name: 'Help' });
  await expect(help).toBeVisible();
  for (const { keys = [], title } of ACTED) {
    for (const key of keys) {
      const row = help.getByRole('row').filter({ has: page.locator('kbd', { hasText: keyText(key) }), hasText: title });
      await expect(row.first(), `${keyText(key)}: ${title}`).toBeAttached();
    }
  }
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  for (const { id, keys } of ACTED) {
    for (const key of keys ?? [])
      await act(page, EFFECTS[id as ActionId], `${id} by ${keyText(key)}`, () => page.keyboard.press(pressOf(key)));
  }
  for (const { id } of ACTED.filter(({ keys }) => keys === undefined)) {
    const button = page.locator(`[data-action="${id}"]`);
    // The menu of exports is a card of its own button.
    await act(page, EFFECTS[id as ActionId], id, () =>
      id === 'export' ? page.getByRole('button', { name: 'Export', exact: true }).click() : button.click(),
    );
  }
});

test('keys work where the focus is harmless, and belong to the control where it uses them', async ({ page }) => {
  await openPage(page, '#v=2&in=random&tick=0');
  await rewind(page);
  const table = page.locator('[data-action="table"]');
  const isTable = (on: boolean) => expect(table).toHaveAttribute('aria-pressed', String(on));
  await page.getByRole('button', { name: 'One step on' }).focus();
  await page.keyboard.press('t');
  await isTable(true);
  await page.keyboard.press('PageDown');
  await expect(scrubber(page)).toHaveValue('1');
  await page.getByRole('tab', { name: 'Tiling', exact: true }).focus();
  await page.keyboard.press('t');
  await isTable(false);
  await page.getByRole('tabpanel').getByRole('application').first().focus();
  await page.keyboard.press(']');
  await expect(page.getByRole('combobox', { name: 'Speed' })).toHaveValue('2');
  await scrubber(page).focus();
  await page.keyboard.press('[');
  await expect(page.getByRole('combobox', { name: 'Speed' })).toHaveValue('1');
  // A tab's arrows go to the next tab, a list's letters to its entries, a field's are text.
  await page.getByRole('tab', { name: 'Tiling', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Scores', exact: true })).toHaveAttribute('aria-selected', 'true');
  await expect(scrubber(page)).toHaveValue('1');
  await page.getByRole('combobox', { name: 'Speed' }).focus();
  await page.keyboard.press('t');
  await page.getByRole('spinbutton', { name: 'Seed' }).focus();
  await page.keyboard.press('t');
  await isTable(false);
});
