import { expect, test } from 'vitest';
import { NOT_STARTED } from '../../exhibit/study.ts';
import { lengthView } from './length-view.ts';
import { recordWalk } from './testing/traced-walk.ts';

const run = recordWalk({ nq: 8, nk: 8, headDim: 4, br: 4, bc: 4, visits: () => [0, 1] });
const rows = [
  { length: 64, variant: 'flash-v2', counted: 1000, closedForm: 1000 },
  { length: 64, variant: 'standard', counted: 2000, closedForm: 2000 },
  { length: 1024, variant: 'flash-v2', closedForm: 10_000 },
  { length: 1024, variant: 'standard', closedForm: 80_000 },
  // Its other kernel is not there yet.
  { length: 4096, variant: 'flash-v2', closedForm: 50_000 },
];
const stateAt = (length?: number) => {
  const study = { ...NOT_STARTED, rows, start() {}, cancel() {} };
  const place = length === undefined ? null : { kind: 'at' as const, at: { length } };
  return { run, tick: 0, place, others: [], study } as unknown as Parameters<typeof lengthView.scene>[0];
};

test('what is counted and what only the closed form says are told apart', () => {
  const scene = lengthView.scene(stateAt())!;
  expect(scene.places).toEqual([64, 1024]);
  expect(scene.panels[0]!.rows.map(({ values }) => values)).toEqual([
    [1000, Number.NaN],
    [2000, Number.NaN],
  ]);
  expect(lengthView.words(scene, stateAt(64))).toContain(
    '2.00 times less than standard attention with 2.00 KB, counted',
  );
  expect(lengthView.words(scene, stateAt())).toContain('8.00 times less');
  expect(lengthView.words(scene, stateAt())).toContain('by the closed form');
});
