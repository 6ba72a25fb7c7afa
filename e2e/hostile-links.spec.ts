// Hostile and broken links: the page starts, names what it could not use, and runs. The large property test of the parser is a unit
// test beside it; here a sample goes through the whole page.

import { openPage, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

/** [hash after `v=1` and random input, word the complaint must contain] */
const HOSTILE: [string, RegExp][] = [
  ['nq=999999999', /nq/],
  ['nq=-5', /nq/],
  ['nq=NaN', /nq/],
  ['nq=1e308', /nq/],
  ['nq=0x10', /nq/],
  ['headDim=7.5', /headDim/],
  ['headDim=999', /headDim/],
  ['batch=0', /batch/],
  ['heads=1000000', /heads/],
  ['seed=-1', /seed/],
  ['seed=4294967296', /seed/],
  ['seed=%00', /seed/],
  ['k=flash-v9', /variant/],
  ['k=__proto__', /variant/],
  ['k=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E', /variant/],
  ['vs=nobody', /variant/],
  ['m=constructor', /mechanism/],
  ['m=', /mechanism/],
  ['in=telepathy', /input/],
  ['view=%22%3E%3Cscript%3E', /view/],
  ['view=nowhere', /view/],
  ['table=perhaps', /table/],
  ['tick=-3', /step/],
  ['tick=99999999999999999999', /step/],
  ['speed=1e9', /speed/],
  ['speed=-1', /speed/],
  ['sel=row', /selection/],
  ['sel=row:9:9:999', /selection/],
  ['sel=at:row:99999999999', /selection/],
  ['sel=at:batch:0,head:0,row:7000', /selection/],
  ['sel=at:q,element:70000', /selection/],
  ['sel=at:__proto__:1', /selection/],
  ['sel=workgroup:9:0', /selection/],
  ['sel=line:flash-v2.wgsl:9999', /selection/],
  ['at=1.2.x', /step/],
  ['sel=%F0%9F%92%A5', /selection/],
  ['setup=-1', /setup/],
  ['side=400', /side/],
  ['numbers=Infinity', /numbers/],
  ['__proto__=1', /__proto__/],
  ['toString=1', /toString/],
  ['unknown=1', /unknown/],
  ['causal=maybe', /causal/],
  ['softcap=-4', /softcap/],
  ['text=~%25%25%25', /sentence/],
  ['text=~eJwrSS0uAQAEXQHB', /sentence/],
  ['src.flash-v2.wgsl=~AAAA', /src\.flash-v2\.wgsl/],
  ['src.evil.wgsl=fn', /src\.evil\.wgsl/],
  ['nq=8&nq=9', /nq/],
  [`x=${'y'.repeat(5000)}`, /x/],
];

/** Links that one page opens one after the other: each is loaded anew, the browser is not. */
const TOGETHER = 10;
const groups = Array.from({ length: Math.ceil(HOSTILE.length / TOGETHER) }, (_, i) =>
  HOSTILE.slice(i * TOGETHER, (i + 1) * TOGETHER),
);

for (const group of groups) {
  const [first, last] = [group[0]![0], group.at(-1)![0].slice(0, 60)];
  test(`${group.length} links from ${first} to ${last}: each is named, and the page runs`, async ({ page }) => {
    test.setTimeout(120_000);
    for (const [index, [hash, word]] of group.entries()) {
      await test.step(hash.slice(0, 60), async () => {
        const input = hash.startsWith('in=') ? '' : 'in=random&';
        await page.goto('about:blank');
        await page.goto(`./#v=1&${input}${hash}`);
        const complaint = page.getByRole('alert').filter({ hasText: 'could not be used' });
        await expect(complaint, hash.slice(0, 60)).toContainText(word);
        await expect(page.getByRole('heading', { name: 'Tilescope' })).toBeVisible();
        // Each tenth waits for the run too; the others have shown that the page stands.
        if (index === 0) await expect(scrubber(page)).toBeEnabled({ timeout: 30_000 });
      });
    }
  });
}

test('a hash of half a megabyte, and one of noise, open the page', async ({ page }) => {
  await page.goto(`./#v=1&text=${'a'.repeat(500_000)}`);
  await expect(page.getByRole('alert').filter({ hasText: 'could not be used' })).toContainText('link');
  await page.goto('about:blank');
  await openPage(page, '#%%%&&&===%E0%A4%A');
});
