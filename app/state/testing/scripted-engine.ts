// Test code: what an engine that answers from a script says of itself, and the trace of a run that recorded nothing.

import type { AdapterFacts } from '#gpu/runtime/api.ts';
import type { Trace } from '#gpu/trace/trace.ts';

export const ADAPTER: AdapterFacts = {
  vendor: 'test',
  architecture: '',
  description: 'scripted engine',
  isSoftware: true,
  features: [],
  limits: {
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxComputeWorkgroupStorageSize: 16_384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupSizeY: 256,
    maxComputeWorkgroupSizeZ: 64,
    maxComputeWorkgroupsPerDimension: 65_535,
    maxStorageBuffersPerShaderStage: 8,
  },
  timestampQuantumNs: null,
};

export const EMPTY_TRACE: Trace = {
  buffers: [],
  totals: [],
  operations: { multiply: 0, add: 0, divide: 0, compare: 0, special: 0 },
  events: {},
  dispatches: [],
  lines: [],
  columns: {},
  steps: [],
  matchesPlain: true,
  truncated: false,
} as unknown as Trace;
