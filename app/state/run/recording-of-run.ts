// A run of this device, as the engine returned it → the recording that pictures are drawn from.

import { EngineError } from '#gpu/core/errors.ts';
import type { AdapterFacts, Run } from '#gpu/runtime/api.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { PreparedRun } from './prepared-run.ts';

export function adapterLabel(adapter: AdapterFacts): string {
  const name =
    adapter.description || [adapter.vendor, adapter.architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  return adapter.isSoftware ? `${name} (software adapter)` : name;
}

/** What ran is what the engine says. @throws EngineError internal when the run brought no trace */
export function recordingOf(id: string, prepared: PreparedRun, run: Run, adapter: AdapterFacts): Recording {
  const { trace, ran, outputs, warnings } = run;
  if (!trace || !ran) throw new EngineError('internal', 'the run was not recorded');
  const inputs = { ...prepared.inputs, ...ran.inputs };
  const named = ran.plan.buffers.filter(({ name }) => inputs[name]);
  return {
    id,
    mechanism: prepared.mechanism.id,
    variant: prepared.variant.id,
    config: ran.config,
    plan: ran.plan,
    kernels: ran.kernels,
    trace,
    inputs: Object.fromEntries(named.map(({ name }) => [name, inputs[name]!])),
    outputs,
    tokens: prepared.tokens,
    ...(prepared.without.length > 0 ? { without: prepared.without } : {}),
    device: { label: adapterLabel(adapter), isSoftware: adapter.isSoftware, origin: 'this-device' },
    edited: prepared.edited,
    warnings,
  };
}
