// Which device runs the kernels, with its limits and clock on demand. A software adapter is named as such.

import { LaterPart, later } from '../parts/LaterPart.tsx';
import { Popover } from '../parts/Popover.tsx';
import { useSession } from '../state/page-context.ts';
import { adapterLabel } from '../state/run/recording-of-run.ts';

const FACTS = later('What is known of the device', async () => (await import('./AdapterFacts.tsx')).AdapterFacts);

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
      <LaterPart of={FACTS}>{(AdapterFacts) => <AdapterFacts adapter={adapter} />}</LaterPart>
    </Popover>
  );
}
