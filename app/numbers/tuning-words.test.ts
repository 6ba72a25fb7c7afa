import { describe, expect, test } from 'vitest';
import type { TuningResult, TuningState } from '../exhibit/results.ts';
import { SvgPen } from '../pens/svg-pen.ts';
import { drawTuning, tuningPlotHeight } from './tuning-plot.ts';
import { effortText, formText, keptText, tuningHeading, tuningRows, usedText } from './tuning-words.ts';

const trial = (LANES: number, medianMs: number, spread = 0.1) => ({
  tuning: { BR: 16, LANES },
  measurement: {
    medianMs,
    ci95Ms: [medianMs - spread, medianMs + spread] as [number, number],
    samplesMs: [medianMs - spread, medianMs, medianMs + spread],
    rounds: 3,
  },
});

const result: TuningResult = {
  tuning: { BR: 16, LANES: 16 },
  trials: [trial(8, 2), trial(4, 1.05), trial(16, 1), trial(32, 0.7)],
  failed: [{ BR: 64, LANES: 16 }],
  tookMs: 1900,
  at: 1e12,
  inputs: 'q [1, 64, 1, 32]',
  recalled: false,
};

const facts: TuningState = {
  key: 'tune|…',
  kernel: 'k-software-quad.wgsl',
  form: { id: 'software-quad', named: false },
  device: { label: 'swiftshader', isSoftware: true, subgroupMinSize: 4, subgroupMaxSize: 4 },
  own: { BR: 16, LANES: 8 },
  used: { BR: 16, LANES: 16 },
  from: 'measured',
  candidates: 5,
  edited: [],
  kept: true,
  result,
  startsByItself: false,
};

describe('the candidates', () => {
  test('stand in order of their medians, each beside the one picked', () => {
    expect(tuningRows(result).map(({ label, words }) => [label, words])).toEqual([
      ['16 · 32', 'measured apart'],
      ['16 · 16', 'picked'],
      ['16 · 4', 'no difference shown'],
      ['16 · 8', '2.00× the time'],
    ]);
    expect(tuningHeading(result)).toBe('BR · LANES');
  });

  test('are drawn with label and words each; the picked one alone is a square', () => {
    const rows = tuningRows(result);
    const pen = new SvgPen(400, tuningPlotHeight(rows.length), (ink) => ink);
    drawTuning(pen, tuningHeading(result), rows);
    const svg = pen.document('');
    for (const { label, words } of rows) {
      expect(svg).toContain(`>${label}<`);
      expect(svg).toContain(`>${words}<`);
    }
    expect(svg.match(/<rect [^>]*fill="--accent"/g)).toHaveLength(1);
    expect(svg.match(/<circle /g)).toHaveLength(3);
    // Longer times stand further to the right.
    const places = [...svg.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(svg).not.toContain('NaN');
  });

  test('draw nothing when only the choice was kept, and the words say so', () => {
    const bare = { ...result, trials: [] };
    const pen = new SvgPen(400, 100, (ink) => ink);
    drawTuning(pen, '', tuningRows(bare));
    expect(pen.document('')).not.toMatch(/<(rect|circle|text)/);
    expect(effortText(bare)).toBe('The measurements behind it were not kept.');
  });
});

describe('in words', () => {
  test('the form is explained by the facts that decided', () => {
    expect(formText(facts)).toMatch(/computes on the processor .*subgroups of 4, so the form “software-quad” runs/);
    const software = { ...facts, form: { id: 'software' as const, named: false } };
    const none = { ...facts.device, subgroupMinSize: 0, subgroupMaxSize: 0 };
    expect(formText({ ...software, device: none })).toMatch(/has no subgroups, so the form “software” runs/);
    const small = { ...facts.device, subgroupMinSize: 2, subgroupMaxSize: 8 };
    expect(formText({ ...software, device: small })).toMatch(/subgroups of 2 to 8, too small for quads/);
    const card = { ...facts.device, isSoftware: false };
    expect(formText({ ...facts, device: card, form: { id: 'gpu', named: false } })).toMatch(/is a graphics processor/);
    expect(formText({ ...facts, form: { id: 'gpu', named: true } })).toMatch(/^The settings name the form “gpu”/);
    expect(formText({ ...facts, form: null })).toMatch(/one form for all devices/);
  });

  test('what runs is told with who says so', () => {
    expect(usedText(facts)).toBe(
      'BR 16, LANES 16: 2.00 times as fast as the kernel’s own BR 16, LANES 8 on this software adapter.',
    );
    expect(usedText({ ...facts, from: 'settings' })).toMatch(/named by the settings/);
    expect(usedText({ ...facts, used: facts.own, from: 'own', result: null })).toMatch(/own values, not tuned yet/);
    expect(usedText({ ...facts, used: facts.own, from: 'own' })).toBe(
      'BR 16, LANES 16 was picked; the next run uses it.',
    );
    const kept = { ...facts, used: facts.own, result: { ...result, tuning: facts.own } };
    expect(usedText(kept)).toMatch(/own values stay, nothing was shown to be faster/);
    expect(usedText({ ...facts, result: { ...result, trials: [] } })).toBe('BR 16, LANES 16, picked by measuring.');
    expect(usedText({ ...facts, edited: ['k'] })).toMatch(/picked for the kernel as shipped.* not tuned/);
  });

  test('effort, refusals and memory are named', () => {
    expect(effortText(result)).toBe(
      '4 candidates in 1.90 s, 3 interleaved rounds each, with q [1, 64, 1, 32]. Not run by this device: BR 64, LANES 16.',
    );
    expect(keptText(facts)).toMatch(/^Remembered, for this device/);
    expect(keptText({ ...facts, result: { ...result, recalled: true } })).toMatch(/^Remembered from .*2001/);
    expect(keptText({ ...facts, kept: false })).toMatch(/^Not remembered/);
    expect(keptText({ ...facts, kept: false, result: null })).toMatch(/will not be remembered/);
    expect(keptText({ ...facts, result: null })).toBe('');
  });
});
