// Loads the sentence encoder's files once, with progress in the session store. The page does not wait for it: until it is there
// another input stands in.

import { EngineError } from '#gpu/core/errors.ts';
import type { SentenceEncoder } from '#gpu/model/sentence-encoder/load.ts';
import { whatToDo } from '../../words/not-here.ts';
import { problemOf } from '../stores/problems.ts';
import type { SessionStore } from '../stores/session-store.ts';

export interface EncoderLoader {
  /** The encoder, if it is there now. */
  readonly ready: SentenceEncoder | null;
  /** Starts loading, or joins the load under way. @throws EngineError bad-file */
  load(): Promise<SentenceEncoder>;
}

const adviceNow = () =>
  globalThis.navigator?.onLine === false
    ? `${whatToDo()} Or choose random input.`
    : 'The download may have been cut short or changed on its way. Try again, or choose random input.';

export type FetchEncoder = (onProgress: (loaded: number, total: number) => void) => Promise<SentenceEncoder>;

/** Fetches from `models/sentence-encoder/` beside the page. */
export const fetchShippedEncoder: FetchEncoder = async (onProgress) => {
  const { loadSentenceEncoder } = await import('#gpu/model/sentence-encoder/load.ts');
  return loadSentenceEncoder({
    folder: new URL('models/sentence-encoder/', document.baseURI).href,
    fetch: (address, options) => fetch(address, options),
    onProgress,
  });
};

export function createEncoderLoader(
  session: SessionStore,
  fetchEncoder: FetchEncoder,
  now: () => number,
): EncoderLoader {
  let ready: SentenceEncoder | null = null;
  let underWay: Promise<SentenceEncoder> | null = null;

  async function fetchOnce(): Promise<SentenceEncoder> {
    const since = now();
    const label = 'Loading the encoder';
    session.setState({ encoder: { kind: 'running', label, since } });
    try {
      ready = await fetchEncoder((loaded, total) => {
        const share = total > 0 ? loaded / total : undefined;
        const megabytes = `${(loaded / 1e6).toFixed(1)}${total > 0 ? ` of ${(total / 1e6).toFixed(1)}` : ''} MB`;
        session.setState({ encoder: { kind: 'running', label: `${label}, ${megabytes}`, share, since } });
      });
      session.setState({ encoder: { kind: 'done' } });
      return ready;
    } catch (error) {
      // The next sentence tries again.
      underWay = null;
      const known =
        error instanceof EngineError
          ? error
          : new EngineError('bad-file', `The sentence encoder could not be loaded: ${String(error)}`);
      session.setState({ encoder: { kind: 'failed', problem: { ...problemOf(known), advice: adviceNow() } } });
      throw known;
    }
  }

  return {
    get ready() {
      return ready;
    },
    load() {
      underWay ??= fetchOnce();
      return underWay;
    },
  };
}
