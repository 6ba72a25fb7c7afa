// Edited kernels in a link: packed, and read only where the mechanism has a kernel of that name. They run after the user's consent.

import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Complaints } from './url-complaints.ts';
import { SOURCE_PREFIX } from './url-fields.ts';
import type { LinkKeys } from './url-migrations.ts';
import { parseSource, Refusal } from './url-values.ts';

/** @returns kernel file → source; null where the link has none that can be used */
export function readSources(
  keys: LinkKeys,
  mechanism: Mechanism | undefined,
  complaints: Complaints,
): Record<string, string> | null {
  const files = new Set(mechanism?.variants.flatMap(({ kernels }) => kernels.map(({ file }) => file)));
  const sources: Record<string, string> = {};
  for (const [key, value] of keys) {
    if (!key.startsWith(SOURCE_PREFIX)) continue;
    const file = key.slice(SOURCE_PREFIX.length);
    const source = parseSource(value);
    if (!files.has(file)) complaints.add(key, value, `one of ${[...files].join(', ')}`, 'nothing: it was ignored');
    else if (source instanceof Refusal) complaints.add(key, value, source.limit, 'the kernel as shipped');
    else sources[file] = source;
  }
  return Object.keys(sources).length > 0 ? sources : null;
}
