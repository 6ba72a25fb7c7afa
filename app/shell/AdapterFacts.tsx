// What the device says of itself: its limits, features and clock.

import type { AdapterFacts as Adapter } from '#gpu/runtime/api.ts';
import { Term } from '../glossary/Term.tsx';
import { adapterLabel } from '../state/run/recording-of-run.ts';
import { clockText } from './AdapterChip.tsx';

const LIMITS: readonly [key: string, label: string, unit: 'bytes' | 'count'][] = [
  ['maxComputeWorkgroupStorageSize', 'Workgroup memory', 'bytes'],
  ['maxComputeInvocationsPerWorkgroup', 'Invocations per workgroup', 'count'],
  ['maxComputeWorkgroupsPerDimension', 'Workgroups per dimension', 'count'],
  ['maxStorageBufferBindingSize', 'Largest storage binding', 'bytes'],
  ['maxBufferSize', 'Largest buffer', 'bytes'],
  ['maxStorageBuffersPerShaderStage', 'Storage buffers per kernel', 'count'],
];

const number = new Intl.NumberFormat('en');

export function AdapterFacts({ adapter }: { adapter: Adapter }) {
  return (
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
  );
}
