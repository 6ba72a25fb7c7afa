// Links live for ever. `v=` names the version that wrote a link; each migration turns the keys of version n into those of n + 1.

export const LINK_VERSION = 1;

export type LinkKeys = ReadonlyMap<string, string>;
export type Migration = (keys: LinkKeys) => LinkKeys;

/** `MIGRATIONS[n]` leads from version n to n + 1. Pure; they only rename, split, or write out old defaults. */
export const MIGRATIONS: Readonly<Record<number, Migration>> = {};

/** Applies the chain from version `from` up to `to`. A version without a migration is already in the next one's form. */
export function migrate(
  keys: LinkKeys,
  from: number,
  to: number = LINK_VERSION,
  migrations: Readonly<Record<number, Migration>> = MIGRATIONS,
): LinkKeys {
  let current = keys;
  for (let version = from; version < to; version++) current = migrations[version]?.(current) ?? current;
  return current;
}
