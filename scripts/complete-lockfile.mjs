// npm leaves the binaries of other platforms out of package-lock.json when the registry it asked did not offer them, and `npm ci` then
// refuses the file. This adds the missing entries: name, exact version and platform, all of which the depending package states.
// Run after a change of dependencies; a test refuses an incomplete file.
//   node scripts/complete-lockfile.mjs

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openbsd', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

/**
 * Platform that a binary package's name states, as package.json fields.
 * @throws when it states none: such a package must come from the registry
 */
function platformOf(name) {
  const parts = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => parts.includes(system));
  const cpu = PROCESSORS.find((processor) => parts.includes(processor));
  if (!os || !cpu) throw new Error(`${name}: no platform in the name; run npm install with a registry that has it`);
  const libc = parts.some((part) => part.startsWith('musl')) ? ['musl'] : ['glibc'];
  return os === 'linux' ? { cpu: [cpu], libc, os: [os] } : { cpu: [cpu], os: [os] };
}

/** Where `name`, needed by the package at `from`, stands in the lock file; undefined where it does not. */
function locate(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const path = `${folder ? `${folder}/` : ''}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return undefined;
  }
}

/**
 * Optional packages that are needed and not locked.
 * @param {{ packages: Record<string, { optionalDependencies?: Record<string, string>, dev?: boolean }> }} lock
 * @returns {{ path: string, name: string, version: string, dev?: boolean }[]}
 */
export function missingPackages({ packages }) {
  return Object.entries(packages).flatMap(([from, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !locate(packages, from, name))
      .map(([name, version]) => ({ path: `node_modules/${name}`, name, version, dev })),
  );
}

/** @returns the lock file with an entry for every missing package, in npm's order */
export function completeLock(lock) {
  const packages = { ...lock.packages };
  for (const { path, name, version, dev } of missingPackages(lock)) {
    if (!/^\d+\.\d+\.\d+[\w.-]*$/.test(version)) throw new Error(`${name}: ${version} is not one exact version`);
    packages[path] = { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) };
  }
  const [root, ...rest] = Object.entries(packages);
  rest.sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries([root, ...rest]) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const count = missingPackages(lock).length;
  if (count > 0) writeFileSync('package-lock.json', `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  console.log(`package-lock.json: ${count} entries added`);
}
