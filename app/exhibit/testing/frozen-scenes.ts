// Test code: pictures of the shipped recordings beside what the pictures made by hand, before exhibits were described, showed of them
// (fixtures/scenes.json of an exhibit, made from that code). Since the decay is exact near 0, the last of four digits is another in a few
// tables, and selective copying has other rates: those entries were renewed from today's pictures, with the recordings.

import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { decodeRecordingFile } from '../../state/recordings/recording-file.ts';
import type { Picture } from '../picture.ts';
import type { Place } from '../place.ts';
import type { Recording } from '../recording.ts';
import type { ExhibitEntry, ViewState } from '../view.ts';
import { loadWholeView } from '../whole-view.ts';
import { type DigestedScene, digestOf, hashOf } from './scene-digest.ts';

interface Frozen {
  said?: string;
  strips?: number[][];
  signed?: number[];
  words: string;
  table?: string;
}

const WITHIN = 2e-4;
/** Place among a strip's numbers of when its values came. */
const WHEN = 5;

export async function shipped(name: string): Promise<Recording> {
  return decodeRecordingFile(new Uint8Array(readFileSync(`public/recordings/${name}.rec`)), name);
}

/** Without what depends on which workgroup the adapter ran last. */
const withoutStep = (text: string) =>
  text.replace(/^[^.]*\. /, '').replace(/time step \d+ reached/, 'time step … reached');

/** The same to four digits: a value that is rounded at its last one may fall on either side. */
function expectStrips(found: number[][], frozen: number[][], what: string): void {
  expect(found.length, what).toBe(frozen.length);
  frozen.forEach((numbers, strip) => {
    expect(found[strip]!.length, what).toBe(numbers.length);
    numbers.forEach((number, i) => {
      // When values came is counted, not computed.
      const allowed = i === WHEN ? 0 : WITHIN * Math.abs(number);
      expect(Math.abs(found[strip]![i]! - number), `${what}, strip ${strip}, ${i}`).toBeLessThanOrEqual(allowed);
    });
  });
}

/** Signed sums: to four digits of the sum of the magnitudes, since terms of both signs may leave next to nothing. */
function expectSigned(found: number[], { signed, strips }: Frozen, what: string): void {
  expect(found.length, what).toBe(signed!.length);
  signed!.forEach((sum, strip) => {
    const allowed = WITHIN * strips![strip]![2]!;
    expect(Math.abs(found[strip]! - sum), `${what}, strip ${strip}, signed`).toBeLessThanOrEqual(allowed);
  });
}

/** Checks one recording. @returns how many pictures were compared */
export async function expectFrozen(
  mechanism: ExhibitEntry,
  name: string,
  frozen: Readonly<Record<string, Frozen>>,
  {
    axes,
    pictures,
    except = () => undefined,
  }: {
    /** Axes of the numbers in a fixture's key. */
    axes: readonly string[];
    pictures: Readonly<Record<string, Picture<DigestedScene>>>;
    /** What a fixture says that is meant to be otherwise now, with why in the test that gives it. */
    except?(key: string): Partial<Frozen> | undefined;
  },
): Promise<number> {
  const run = await shipped(`${mechanism.id}-${name}`);
  const end = run.trace.steps.length;
  let compared = 0;
  for (const [key, old] of Object.entries(frozen)) {
    const [of, view, ...numbers] = key.split(' ');
    if (of !== name) continue;
    const wanted = { ...old, ...except(key) };
    compared++;
    if (view === 'story') {
      expect(mechanism.story(run, []), key).toBe(wanted.words);
      continue;
    }
    const at = Object.fromEntries(numbers.map((number, i) => [axes[i]!, Number(number)]));
    const place: Place | null = numbers.length > 0 ? { kind: 'at', at } : null;
    const spec = await loadWholeView(mechanism.views.find(({ id }) => id === view)!);
    const state: ViewState = { recording: run, tick: end, selection: place, others: [] };
    expect(withoutStep(spec.summary(state)), key).toBe(withoutStep(`Step. ${wanted.words}`));
    if (wanted.table) {
      const rows = spec
        .table(state)
        .rows.map((row) => row.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(4)) : cell)));
      expect(hashOf(JSON.stringify(rows)), key).toBe(wanted.table);
    }
    const picture = pictures[view!];
    if (!picture) continue;
    const names = { lookOf: lookIn(mechanism), steps: {}, variants: {}, extents: mechanism.extents };
    const digest = digestOf(
      run.trace,
      (tick) => picture.scene({ run, tick, place, others: [], names }),
      wanted.strips!.some((numbers) => numbers.length > 5),
    );
    expect(digest.said, key).toBe(wanted.said);
    expectStrips(digest.strips, wanted.strips!, key);
    expectSigned(digest.signed, wanted, key);
  }
  return compared;
}

const lookIn =
  ({ tensors }: ExhibitEntry) =>
  (name: string) =>
    (tensors[name] ?? { letter: '?', colour: '--ink', pattern: 'solid', title: name }) as ReturnType<
      Parameters<Picture['scene']>[0]['names']['lookOf']
    >;
