// What runs next, and when: changes close together are one run, and a run includes what stands beside it.

type Due = 'run' | 'beside';

/** @param start what each is */
export function createAgenda(start: Readonly<Record<Due, () => void>>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What the timer will start. */
  let pending: Due | null = null;

  const clear = () => {
    clearTimeout(timer);
    pending = null;
  };
  return {
    after(ms: number, what: Due): void {
      const due = pending === 'run' ? 'run' : what;
      clear();
      pending = due;
      timer = setTimeout(() => {
        pending = null;
        start[due]();
      }, ms);
    },
    clear,
  };
}
