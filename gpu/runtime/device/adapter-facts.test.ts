import { expect, test } from 'vitest';
import { isSoftwareAdapter } from './adapter-facts.ts';

const info = { vendor: '', architecture: '', device: '', description: '' };

test.each([
  [{ ...info, vendor: 'google', architecture: 'swiftshader' }, true],
  [{ ...info, vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, true],
  [{ ...info, vendor: 'microsoft', description: 'Microsoft Basic Render Driver' }, true],
  [{ ...info, vendor: 'intel', isFallbackAdapter: true }, true],
  [{ ...info, vendor: 'nvidia', architecture: 'ampere', description: 'NVIDIA GeForce RTX 3060' }, false],
  [{ ...info, vendor: 'apple', architecture: 'metal-3' }, false],
  [info, false],
])('%j is software: %s', (adapter, isSoftware) => {
  expect(isSoftwareAdapter(adapter)).toBe(isSoftware);
});
