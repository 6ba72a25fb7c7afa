import { expect, test } from 'vitest';
import { abortable, throwIfAborted } from './cancel.ts';

test('the caller’s own reason is the cause', async () => {
  const reason = new Error('a newer run took its place');
  const aborted = AbortSignal.abort(reason);
  expect(() => throwIfAborted(aborted)).toThrow(expect.objectContaining({ code: 'aborted', cause: reason }));
  const abort = new AbortController();
  const waiting = abortable(new Promise(() => {}), abort.signal);
  abort.abort('closed');
  await expect(waiting).rejects.toMatchObject({ code: 'aborted', cause: 'closed' });
});
