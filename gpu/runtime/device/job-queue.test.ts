import { expect, test } from 'vitest';
import { JobQueue } from './job-queue.ts';

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

test('jobs run one after the other, in the order they came', async () => {
  const queue = new JobQueue();
  const log: string[] = [];
  const job = (name: string) => async () => {
    log.push(`${name} starts`);
    await tick();
    log.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([queue.enter(job('a')), queue.enter(job('b'))])).toEqual(['a', 'b']);
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
});

test('a job that fails lets the next one in', async () => {
  const queue = new JobQueue();
  const failing = queue.enter(() => Promise.reject(new Error('on purpose')));
  const next = queue.enter(async () => 'next');
  await expect(failing).rejects.toThrow('on purpose');
  expect(await next).toBe('next');
});

test('one who gives up while waiting neither runs nor lets others jump the queue', async () => {
  const queue = new JobQueue();
  const log: string[] = [];
  const first = queue.enter(async () => {
    await tick();
    log.push('first');
  });
  const abort = new AbortController();
  const impatient = queue.enter(async () => log.push('impatient'), abort.signal);
  const last = queue.enter(async () => log.push('last'));
  abort.abort();
  await expect(impatient).rejects.toMatchObject({ code: 'aborted' });
  await Promise.all([first, last]);
  expect(log).toEqual(['first', 'last']);
});
