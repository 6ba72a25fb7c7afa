// Files that are damaged, and numbers that are none: said by name; what can still run runs.

import { openPage } from '../stage.ts';
import { expect, test } from '../watched-page.ts';
import { expectAlive, expectLive, setupOf, stageOf } from './live-page.ts';

/** What becomes of the weights on their way: told to the page as it opens, since megabytes are slow to put in place from outside. */
type Damage = 'short' | 'altered' | 'long';

const DAMAGES: { name: string; damage: Damage; said: RegExp }[] = [
  { name: 'weights cut short', damage: 'short', said: /weights\.bin has \d+ bytes/ },
  {
    name: 'weights with one bit changed',
    damage: 'altered',
    said: /weights\.bin is damaged or was replaced: its checksum/,
  },
  { name: 'weights longer than promised', damage: 'long', said: /weights\.bin has \d+ bytes/ },
];

/** Damages every weights.bin that the page fetches, until `mend` is called in it. */
function damageWeights(damage: Damage): void {
  const { fetch } = window;
  let isDamaged = true;
  Object.assign(window, { mend: () => (isDamaged = false) });
  window.fetch = async (address, options) => {
    const response = await fetch(address, options);
    if (!isDamaged || !response.url.endsWith('/weights.bin')) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (damage === 'altered') bytes[bytes.length >> 1]! ^= 1;
    const length = damage === 'short' ? bytes.length >> 1 : bytes.length;
    return new Response(new Blob(damage === 'long' ? [bytes, bytes] : [bytes.subarray(0, length)]));
  };
}

for (const { name, damage, said } of DAMAGES) {
  test(`${name}: named, random input stands in, and a second try with good ones works`, async ({ page }) => {
    await page.addInitScript(damageWeights, damage);
    await openPage(page, '#v=1&text=The+cat+sat.&tick=0');
    const setup = setupOf(page);
    await expect(setup.getByRole('alert')).toContainText(said, { timeout: 30_000 });
    await expect(setup.getByRole('alert')).not.toContainText('Drop another file');
    await expect(stageOf(page)).toContainText('Random input stands in', { timeout: 30_000 });
    await expectLive(page);
    await expectAlive(page);
    await expect(page.getByRole('textbox', { name: 'Sentence' })).toHaveValue('The cat sat.');

    await page.evaluate(() => (window as unknown as { mend(): void }).mend());
    await setup.getByRole('button', { name: 'Try again' }).click();
    await expect(setup.getByRole('alert')).toHaveCount(0, { timeout: 30_000 });
    await expect(stageOf(page)).not.toContainText('stands in', { timeout: 45_000 });
    await expectLive(page);
  });
}

/** A .npy file [3, 20, 2, 16] of tenths, with `odd` numbers at the start of q. */
function npyWith(odd: number[]): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 20, 2, 16), }`.padEnd(117);
  const lead = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  const data = Float32Array.from({ length: 3 * 20 * 2 * 16 }, (_, i) => odd[i] ?? (i % 11) / 10);
  return Buffer.concat([lead, Buffer.from(`${header}\n`), Buffer.from(data.buffer)]);
}

for (const [name, odd, said] of [
  ['NaN', [Number.NaN, 0, Number.NaN], /2 NaN in q \(first at element 0\)/],
  ['∞', [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], /2 infinite in q \(first at element 1\)/],
] as const) {
  test(`${name} in a dropped file: said, the run is shown, and parity says where the two part`, async ({ page }) => {
    await openPage(page, '#v=1&in=file&tick=0');
    await expectLive(page);
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'odd.npy', mimeType: 'application/octet-stream', buffer: npyWith([...odd]) });
    const stage = stageOf(page);
    await expect(stage).toContainText(said, { timeout: 30_000 });
    await expectLive(page);
    await expect(stage.locator('.story-line')).toContainText('20');
    const parity = page.getByRole('region', { name: /^Parity/ });
    await expect(parity).toContainText(/NaN or ±∞ on (one side only|both sides)/, { timeout: 30_000 });
    await expectAlive(page);
    // Finite numbers again: nothing of it sticks.
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'fine.npy', mimeType: 'application/octet-stream', buffer: npyWith([]) });
    await expect(stage).not.toContainText('not finite', { timeout: 30_000 });
  });
}
