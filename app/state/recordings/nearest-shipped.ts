// Which shipped recordings play where nothing can be run, and which of them comes nearest to what was asked for. Pure.

import type { ShippedEntry } from './shipped-recordings.ts';

/** Without a mechanism of its own a link is of the default page's. */
const mechanismOf = (link: string, usual: string) => new URLSearchParams(link).get('m') ?? usual;

/** Those of one mechanism, in the order of the list. @param usual the mechanism that links leave out */
export function shippedOf(entries: readonly ShippedEntry[], mechanism: string, usual: string): ShippedEntry[] {
  return entries.filter(({ link }) => mechanismOf(link, usual) === mechanism);
}

/** How many settings two links have in common, less those in which they differ; the variant counts for more than all of them. */
function likeness(one: string, other: string): number {
  const [own, theirs] = [new URLSearchParams(one), new URLSearchParams(other)];
  let likeness = own.get('k') === theirs.get('k') ? 100 : 0;
  for (const key of new Set([...own.keys(), ...theirs.keys()])) {
    if (key !== 'v' && key !== 'm' && key !== 'k') likeness += own.get(key) === theirs.get(key) ? 1 : -1;
  }
  return likeness;
}

/** The most alike of the same mechanism, the first of equals; null where none is shipped. @param link as it is written today */
export function nearestShipped(entries: readonly ShippedEntry[], link: string, usual: string): ShippedEntry | null {
  const own = shippedOf(entries, mechanismOf(link, usual), usual);
  return own.reduce<ShippedEntry | null>(
    (best, each) => (best && likeness(best.link, link) >= likeness(each.link, link) ? best : each),
    null,
  );
}
