// Parts whose code comes when they are first shown. One that cannot be had says so in its place, and is loaded anew when asked for.

import { type ReactNode, Suspense, use, useState } from 'react';
import { NotHere } from '../words/not-here.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';

export interface Later<T> {
  /** As a sentence begins with it: 'The editor'. */
  what: string;
  /** The same promise for every call until it fails. @throws NotHere */
  load(): Promise<T>;
}

export function later<T>(what: string, load: () => Promise<T>): Later<T> {
  let known: Promise<T> | undefined;
  return {
    what,
    load() {
      known ??= load().catch((error: unknown) => {
        known = undefined;
        throw new NotHere(what, error);
      });
      return known;
    },
  };
}

interface LaterPartProps<T> {
  of: Later<T>;
  /** Shown until it is here. */
  waiting?: ReactNode;
  children(part: T): ReactNode;
}

export function LaterPart<T>({ of, waiting = null, children }: LaterPartProps<T>) {
  const [loading, setLoading] = useState(() => of.load());
  return (
    <ErrorBoundary what={of.what} onAgain={() => setLoading(of.load())}>
      <Suspense fallback={waiting}>
        <Arriving loading={loading}>{children}</Arriving>
      </Suspense>
    </ErrorBoundary>
  );
}

function Arriving<T>({ loading, children }: Pick<LaterPartProps<T>, 'children'> & { loading: Promise<T> }) {
  return children(use(loading));
}
