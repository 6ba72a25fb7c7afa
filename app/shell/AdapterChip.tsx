// Which device runs the kernels, with its limits and clock on demand. A software adapter is named as such.

import { Term } from '../glossary/Term.tsx';
import { Popover } from '../parts/Popover.tsx';
import { useSession } from '../state/page-context.ts';
import { adapterLabel } from '../state/run/recording-of-run.ts';

const LIMITS: readonly [key: string, label: string, unit: 'bytes' | 'count'][] = [
  ['maxComputeWorkgroupStorageSize', 'Workgroup memory', 'bytes'],
  ['maxComputeInvocationsPerWorkgroup', 'Invocations per workgroup', 'count'],
  ['maxComputeWorkgroupsPerDimension', 'Workgroups per dimension', 'count'],
  ['maxStorageBufferBindingSize', 'Largest storage binding', 'bytes'],
  ['maxBufferSize', 'Largest buffer', 'bytes'],
  ['maxStorageBuffersPerShaderStage', 'Storage buffers per kernel', 'count'],
];

const number = new Intl.NumberFormat('en');

export function clockText(quantumNs: number | null): string {
  if (quantumNs === null) return 'no GPU clock';
  return quantumNs >= 1000 ? `${number.format(quantumNs / 1000)} µs clock` : `${number.format(quantumNs)} ns clock`;
}

export function AdapterChip() {
  const engine = useSession((state) => state.engine);
  if (engine.kind === 'opening') {
    return (
      <span className="chip" role="status">
        <span className="dot waiting" /> opening the device …
      </span>
    );
  }
  if (engine.kind === 'failed') {
    return (
      <Popover
        className="button chip"
        label={
          <>
            <span className="dot bad" /> no WebGPU device
          </>
        }
      >
        <p>{engine.problem.message}</p>
        {engine.problem.advice && <p className="quiet">{engine.problem.advice}</p>}
      </Popover>
    );
  }
  const { adapter } = engine;
  return (
    <Popover
      className="button chip"
      label={
        <>
          <span className={adapter.isSoftware ? 'dot warn' : 'dot good'} />
          <span className="clip">{adapterLabel(adapter)}</span>
          <span className="quiet"> · {clockText(adapter.timestampQuantumNs)}</span>
        </>
      }
    >
      <div className="stack">
        <h2>{adapterLabel(adapter)}</h2>
        {adapter.isSoftware && (
          <p className="notice warn">
            <span>
              This is a <Term id="software-adapter">software adapter</Term>: numbers and counts are right; its times say
              nothing about GPUs.
            </span>
          </p>
        )}
        <table className="facts">
          <tbody>
            <tr>
              <th scope="row">Vendor</th>
              <td>{[adapter.vendor, adapter.architecture].filter(Boolean).join(' · ') || 'not told'}</td>
            </tr>
            <tr>
              <th scope="row">
                <Term id="quantum">Clock</Term>
              </th>
              <td>{clockText(adapter.timestampQuantumNs)}</td>
            </tr>
            {LIMITS.map(([key, label, unit]) => {
              const value = adapter.limits[key];
              if (value === undefined) return null;
              return (
                <tr key={key}>
                  <th scope="row" title={key}>
                    {label}
                  </th>
                  <td className="numeric">
                    {number.format(value)}
                    {unit === 'bytes' ? ' B' : ''}
                  </td>
                </tr>
              );
            })}
            <tr>
              <th scope="row">Features</th>
              <td>{adapter.features.join(', ') || 'none beyond the standard ones'}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </Popover>
  );
}
