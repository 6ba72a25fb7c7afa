import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { completeLock, missingPackages } from './complete-lockfile.mjs';

const lock = {
  packages: {
    '': { name: 'project' },
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: {
        '@tool/linux-x64-musl': '2.0.0',
        '@tool/darwin-arm64': '2.0.0',
        '@tool/linux-x64': '2.0.0',
      },
    },
    'node_modules/@tool/linux-x64': { version: '2.0.0', optional: true },
  },
};

describe('package-lock.json', () => {
  it('has an entry for every optional package, so that npm ci takes it on every platform', () => {
    const own = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
    expect(Object.keys(own.packages).length).toBeGreaterThan(200);
    expect(missingPackages(own).map(({ name }) => name)).toEqual([]);
  });

  it('gets the missing entries with version and platform, and keeps the others', () => {
    const done = completeLock(lock);
    expect(missingPackages(done)).toEqual([]);
    expect(done.packages['node_modules/@tool/darwin-arm64']).toEqual({
      version: '2.0.0',
      dev: true,
      optional: true,
      cpu: ['arm64'],
      os: ['darwin'],
    });
    expect(done.packages['node_modules/@tool/linux-x64-musl']).toMatchObject({ libc: ['musl'], os: ['linux'] });
    expect(done.packages['node_modules/@tool/linux-x64']).toEqual({ version: '2.0.0', optional: true });
  });

  it('is not completed by guessing: a range or a name without a platform is an error', () => {
    const withDependency = (dependency) => ({
      packages: { '': {}, 'node_modules/a': { optionalDependencies: dependency } },
    });
    expect(() => completeLock(withDependency({ 'a-linux-x64': '^1.0.0' }))).toThrow(/not one exact version/);
    expect(() => completeLock(withDependency({ fsevents: '2.3.3' }))).toThrow(/no platform in the name/);
  });
});
