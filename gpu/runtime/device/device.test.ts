import { afterEach, expect, test, vi } from 'vitest';
import { openDevice, scoped } from './device.ts';

afterEach(() => vi.unstubAllGlobals());

test('a browser without WebGPU is told apart from one without an adapter', async () => {
  vi.stubGlobal('navigator', {});
  await expect(openDevice()).rejects.toMatchObject({ code: 'no-webgpu' });
  vi.stubGlobal('navigator', undefined);
  await expect(openDevice()).rejects.toMatchObject({ code: 'no-webgpu' });
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
  await expect(openDevice()).rejects.toMatchObject({ code: 'no-adapter' });
});

test('an adapter that gives no device is an error of its own', async () => {
  const adapter = { limits: {}, features: new Set(), requestDevice: () => Promise.reject(new Error('busy')) };
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } });
  await expect(openDevice()).rejects.toMatchObject({ code: 'device-lost', message: expect.stringContaining('busy') });
});

test('the adapter is asked for what it has, and only for limits it knows', async () => {
  const asked: unknown[] = [];
  const adapter = {
    limits: { maxBufferSize: 1000 },
    features: new Set(['timestamp-query', 'texture-compression-bc']),
    requestDevice: (wish: unknown) => {
      asked.push(wish);
      return Promise.reject(new Error('enough'));
    },
  };
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } });
  await openDevice().catch(() => {});
  expect(asked).toMatchObject([{ requiredLimits: { maxBufferSize: 1000 }, requiredFeatures: ['timestamp-query'] }]);
  expect(Object.keys((asked[0] as { requiredLimits: object }).requiredLimits)).toEqual(['maxBufferSize']);
});

/** A device whose error scopes catch `caught`, by filter. */
function deviceCatching(caught: Partial<Record<GPUErrorFilter, string>>): GPUDevice {
  const open: GPUErrorFilter[] = [];
  return {
    pushErrorScope: (filter: GPUErrorFilter) => void open.push(filter),
    popErrorScope: async () => {
      const message = caught[open.pop()!];
      return message === undefined ? null : { message };
    },
  } as unknown as GPUDevice;
}

test.each([
  ['out-of-memory', 'out-of-memory'],
  ['validation', 'validation-failed'],
  ['internal', 'internal'],
])('what the %s scope catches is thrown as %s, with its message', async (filter, code) => {
  const device = deviceCatching({ [filter]: 'the reason' });
  await expect(scoped(device, 'x buffers', () => 1)).rejects.toMatchObject({
    code,
    field: 'x buffers',
    message: expect.stringContaining('the reason'),
  });
});

test('without errors the value comes through', async () => {
  expect(await scoped(deviceCatching({}), 'x', () => 7)).toBe(7);
});
