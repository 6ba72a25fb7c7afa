// A benchmark's numbers as a page of text: who was how fast, by what factor, and what the adapter allows.

const round = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const interval = ({ value, low, high }) => `${round(value)} (${round(low)}–${round(high)})`;

/** @param {{ status: string, error?: number, message?: string, median?: object, samplesMs: number[] }} result */
function cell(result) {
  switch (result.status) {
    case 'ok':
      return `${interval(result.median)} ms${result.samplesMs.length < 5 ? `, n = ${result.samplesMs.length}` : ''}`;
    case 'wrong':
      return `WRONG (error ${result.error.toExponential(1)}), not raced`;
    case 'failed':
      return `failed: ${result.message}`;
    case 'too slow':
      return 'left out: seconds at half the size';
    default:
      return '–';
  }
}

function raceTable({ problem, results }) {
  const rows = results
    .filter(({ status }) => status !== 'absent')
    .map((result) => {
      const ratio = result.ratio && result !== results[0] ? `${interval(result.ratio)}×` : result.ratio ? '1' : '';
      const error = result.error === undefined ? '' : result.error.toExponential(1);
      const processor = result.processorRatio && result !== results[0] ? `${interval(result.processorRatio)}×` : '';
      return `| ${result.name} | ${cell(result)} | ${ratio} | ${processor} | ${error} |`;
    });
  return [
    `### ${problem.title[0].toUpperCase()}${problem.title.slice(1)}`,
    '',
    '| | median (95 % interval) | time over ours | processor time over ours | largest error |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n');
}

function summary({ races }) {
  const rows = races.map(({ problem, results }) => {
    const [ours] = results;
    const peers = results.slice(1).filter(({ status, webgpu }) => status === 'ok' && webgpu);
    const best = peers.sort((a, b) => a.median.value - b.median.value)[0];
    const processor = results.find(({ status, webgpu }) => status === 'ok' && !webgpu);
    const byProcessor = (peer) => (peer.processorRatio ? `; by processor time ${interval(peer.processorRatio)}×` : '');
    const against = (peer) => (peer ? `${peer.name}, ${interval(peer.ratio)}×${byProcessor(peer)}` : '–');
    return `| ${problem.title} | ${ours.median ? `${round(ours.median.value)} ms` : ours.status} | ${against(best)} | ${against(processor)} |`;
  });
  return [
    '| | ours | fastest WebGPU library that is right, its time over ours | single-threaded wasm, its time over ours |',
    '| --- | ---: | --- | --- |',
    ...rows,
  ].join('\n');
}

/** @param {{ what: string, rest: { value: number, low: number, high: number } }[]} parts */
function limitsText(parts) {
  if (parts.length === 0) return 'What limits it was not taken apart on this adapter.';
  const percent = (share) => `${Math.round(100 * (1 - share))} %`;
  const rows = [...parts]
    .sort((a, b) => a.rest.value - b.rest.value)
    .map(({ what, rest }) => `| ${what} | ${percent(rest.value)} (${percent(rest.high)}–${percent(rest.low)}) |`);
  return [
    'What limits it: the same attention kernel at n = 512 with one thing taken out, and the time that saves.',
    '',
    '| without | saves |',
    '| --- | ---: |',
    ...rows,
  ].join('\n');
}

/** @returns {string} docs/benchmarks.md */
export function benchmarkReport({ report, machine, versions, browser, date }) {
  const { adapter, races, roofs, exponents, shares, extraBytes, coldMs, kernels } = report;
  const name = [adapter.vendor, adapter.architecture, adapter.description].filter(Boolean).join(' · ');
  const software = adapter.isSoftware
    ? '\n**This adapter is software: it runs WGSL on the processor. Its times say nothing about graphics processors.**\n'
    : '';
  const ordered = Object.entries(shares);
  const byKernel = new Map();
  for (const [problem, files] of Object.entries(kernels))
    byKernel.set(files, [...(byKernel.get(files) ?? []), problem]);
  return `# Benchmarks

Written by \`npm run bench\` on ${date.toISOString().slice(0, 10)}. Do not edit.

- adapter: ${name}; processor: ${machine.processor}, ${machine.cores} cores; Chromium ${browser}
- compared with: ${versions.join(', ')}
${software}
One page, one adapter, every contestant ready before the first sample. Each output is compared with float64 at many places first;
what is wrong is shown as wrong and not raced. Then rounds in alternating order (A … Z, Z … A). A sample is the wall clock around
enough runs for 60 ms, until the device is done with them, divided by their number; inputs stay on the device and results are not
read back. Processor time is what the browser's GPU process computed meanwhile, where that is known and the adapter is software:
other programs do not change it, a contestant that leaves processors idle is not charged for it. Numbers are medians with 95 % bootstrap intervals. Attention: one sequence, 4 heads of 64, float32.

## Summary

${summary(report)}

First result of our attention at n = 512 in a fresh page, compiling included: ${round(coldMs)} ms.

${exponents.map(({ causal, estimate }) => `Time of our attention${causal ? ', causal,' : ''} grows like n to the power ${interval(estimate)}.`).join('\n')}

Device memory beyond inputs and outputs: ${Math.max(...Object.values(extraBytes))} bytes at most.

## What the adapter allows, measured in the same run

| | median (95 % interval) |
| --- | ---: |
${roofs.map(({ name: roof, unit, rate }) => `| ${roof} | ${interval(rate)} ${unit} |`).join('\n')}

| | share of the highest multiply-add rate seen |
| --- | ---: |
${ordered.map(([problem, share]) => `| ${problem} | ${(100 * share).toFixed(0)} % |`).join('\n')}

${limitsText(report.parts)}

Kernels: ${[...byKernel].map(([files, used]) => `\`${files}\` (${used.length === 1 ? used[0] : `${used.length} problems`})`).join(', ')}.

## Every contestant

${races.map(raceTable).join('\n')}`;
}
