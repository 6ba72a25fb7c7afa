import { expect, test } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { survivingLoss } from './device-loss.ts';

const { signal } = new AbortController();

/** Work that throws `errors` one after the other, then gives 'done'. */
function failing(...errors: Error[]) {
  const said: string[] = [];
  let tries = 0;
  const work = async () => {
    const error = errors[tries++];
    if (error) throw error;
    return 'done';
  };
  return { work, said, tries: () => tries, onLoss: (message: string) => void said.push(message) };
}

const lost = () => new EngineError('device-lost', 'unplugged');

test('what ran on a lost device runs again, and says so', async () => {
  const { work, said, onLoss } = failing(lost());
  expect(await survivingLoss(work, { signal, mayRepeat: true, onLoss })).toBe('done');
  expect(said).toEqual(['unplugged']);
});

test('a second loss is the caller’s to show', async () => {
  const { work, tries, onLoss } = failing(lost(), lost(), lost());
  await expect(survivingLoss(work, { signal, mayRepeat: true, onLoss })).rejects.toMatchObject({ code: 'device-lost' });
  expect(tries()).toBe(2);
});

test.each([
  ['another error', new EngineError('out-of-memory', 'full'), true, signal],
  ['an edited kernel', lost(), false, signal],
  ['a cancelled run', lost(), true, AbortSignal.abort()],
])('%s is not repeated', async (_, error, mayRepeat, stop) => {
  const { work, tries, onLoss } = failing(error);
  await expect(survivingLoss(work, { signal: stop, mayRepeat, onLoss })).rejects.toBe(error);
  expect(tries()).toBe(1);
});
