// Copies the link and says so; where copying is not allowed the link is shown to be copied by hand.

import { useEffect, useMemo, useState } from 'react';
import { type Page, usePage, useSession } from '../../state/page-context.ts';
import { ActionButton } from '../ActionButton.tsx';
import { copyText, currentLink } from './share.ts';

const SHOWN_MS = 4000;

export interface Shared {
  outcome: 'idle' | 'copied' | { link: string };
  share(): Promise<void>;
  done(): void;
}

/** Sharing, and what became of it. */
export function useShare(page: Page): Shared {
  const [outcome, setOutcome] = useState<Shared['outcome']>('idle');
  useEffect(() => {
    if (outcome !== 'copied') return;
    const timer = setTimeout(() => setOutcome('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  return useMemo(
    () => ({
      outcome,
      async share() {
        const [link, { replaceAddress }] = await Promise.all([
          currentLink(page),
          import('../../state/link/url-sync.ts'),
        ]);
        replaceAddress(link);
        setOutcome((await copyText(link)) ? 'copied' : { link });
      },
      done: () => setOutcome('idle'),
    }),
    [page, outcome],
  );
}

export function ShareButton({ shared: { outcome, done } }: { shared: Shared }) {
  const page = usePage();
  // What a link cannot carry is said where it is made, not only where it is opened.
  const lacks = useSession(({ recording, file }) =>
    recording?.device.origin === 'file'
      ? 'A link carries no recording: send the file too.'
      : file && page.config.getState().experiment.input === 'file'
        ? `A link carries no file: who opens it needs ${file.name}.`
        : null,
  );
  return (
    <span className="share">
      <ActionButton id="share" label="Share: copy the link of this page as it is" className="button">
        {outcome === 'copied' ? 'Link copied' : 'Share'}
      </ActionButton>
      <span role="status" className="visually-hidden">
        {outcome === 'copied' ? `The link is on the clipboard. ${lacks ?? ''}` : ''}
      </span>
      {outcome === 'copied' && lacks && <span className="share-lacks">{lacks}</span>}
      {typeof outcome === 'object' && (
        <input
          className="field share-link"
          readOnly
          aria-label="Link to copy"
          value={outcome.link}
          ref={(input) => input?.select()}
          onBlur={done}
        />
      )}
    </span>
  );
}
