import { expect, test } from 'vitest';
import type { Recording } from '../../exhibit/recording.ts';
import { shipped } from '../../exhibit/testing/frozen-scenes.ts';
import { sceneAt, wordsAt } from '../../exhibit/testing/scene-at.ts';
import { withoutRecord } from '../../exhibit/testing/without-record.ts';
import { moeExhibit, routing } from './exhibit.ts';

const end = ({ trace }: Recording) => trace.steps.length;
const panelOf = (run: Recording, tick: number, id: string) =>
  sceneAt(routing, run, tick).panels.find((panel) => panel.id === id)!;

test.each([
  ['jamba', 24, 4, 2],
  ['switch', 24, 8, 1],
  ['idle', 5, 16, 2],
  ['dense', 24, 4, 4],
] as const)(
  '%s: cells are the choices that the run made, and the loads add up to all of them',
  async (name, tokens, experts, topK) => {
    const run = await shipped(`moe-${name}`);
    const weights = panelOf(run, end(run), 'weight');
    expect([weights.rows, weights.columns]).toEqual([tokens, experts]);
    const selected = run.outputs.selected_experts!.data;
    for (let token = 0; token < tokens; token++) {
      const row = weights.values.subarray(token * experts, (token + 1) * experts);
      const chosen = [...row.keys()].filter((expert) => row[expert]! >= 0).sort((a, b) => row[b]! - row[a]!);
      expect(chosen).toEqual([...selected.subarray(token * topK, (token + 1) * topK)]);
      expect(row.filter((weight) => weight === Number.NEGATIVE_INFINITY)).toHaveLength(experts - topK);
    }
    const shares = panelOf(run, end(run), 'probability').values;
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(tokens, 4);
    const loads = panelOf(run, end(run), 'tokens').values;
    expect(loads.reduce((sum, load) => sum + load, 0)).toBe(tokens * topK);
  },
);

test('weights of a token add up to less than 1 in Jamba, and to 1 in Mixtral', async () => {
  for (const [name, experts, isWhole] of [
    ['jamba', 4, false],
    ['mixtral', 8, true],
  ] as const) {
    const run = await shipped(`moe-${name}`);
    const { values } = panelOf(run, end(run), 'weight');
    const row = values.subarray(0, experts).filter((weight) => weight >= 0);
    expect(row[0]! + row[1]! > 0.99999, name).toBe(isWhole);
  }
});

test('at the start nothing is known, and the words count the tokens that have their experts', async () => {
  const run = await shipped('moe-jamba');
  const at = (tick: number) => wordsAt(routing, run, tick, { extents: moeExhibit.extents });
  expect(at(0)).toBe('0 of 24 tokens have their 2 experts of 4.');
  const first = run.trace.steps.findIndex(({ name }) => name === 'weigh');
  expect(at(first + 1)).toBe('1 of 24 tokens have their 2 experts of 4.');
  expect(at(end(run))).toBe('24 of 24 tokens have their 2 experts of 4.');
  expect(panelOf(run, 0, 'probability').values.every(Number.isNaN)).toBe(true);
});

test('the story tells how the kernel spread the tokens, and which experts were not read', async () => {
  const told = async (name: string) => moeExhibit.story(await shipped(`moe-${name}`), []);
  expect(await told('jamba')).toMatch(
    /^To send 24 tokens to 2 of 4 experts each, this run moved .*\. Of 48 choices expert \d got the most, \d+, and every expert has some\.$/,
  );
  expect(await told('idle')).toMatch(
    /Of 10 choices expert \d+ got the most, \d, and \d+ experts none: their weights were not read\.$/,
  );
});

test('where a value was not recorded nothing is said of it', async () => {
  const run = await shipped('moe-jamba');
  expect(wordsAt(routing, withoutRecord(run, 'weight'), end(run))).toBe('For 24 tokens, this run did not record w.');
  expect(moeExhibit.story(withoutRecord(run, 'tokens'), [])).toMatch(/SRAM\.$|on-chip memory\.$/);
});
