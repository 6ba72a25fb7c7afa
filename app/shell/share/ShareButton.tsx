// Copies the link and says so; where copying is not allowed the link is shown to be copied by hand.

import { useEffect, useState } from 'react';
import { usePage, useSession } from '../../state/page-context.ts';
import { orTell } from '../../state/stores/notices.ts';
import { copyText, currentLink } from './share.ts';

const SHOWN_MS = 4000;

export function ShareButton() {
  const page = usePage();
  const [outcome, setOutcome] = useState<'idle' | 'copied' | { link: string }>('idle');
  useEffect(() => {
    if (outcome !== 'copied') return;
    const timer = setTimeout(() => setOutcome('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  // What a link cannot carry is said where it is made, not only where it is opened.
  const lacks = useSession(({ recording, file }) =>
    recording?.device.origin === 'file'
      ? 'A link carries no recording: send the file too.'
      : file && page.config.getState().experiment.input === 'file'
        ? `A link carries no file: who opens it needs ${file.name}.`
        : null,
  );
  const share = async () => {
    const [link, { replaceAddress }] = await Promise.all([currentLink(page), import('../../state/link/url-sync.ts')]);
    replaceAddress(link);
    setOutcome((await copyText(link)) ? 'copied' : { link });
  };
  return (
    <span className="share">
      <button
        type="button"
        className="button"
        onClick={() => orTell(page.session, share())}
        aria-label="Share: copy the link of this page as it is"
      >
        {outcome === 'copied' ? 'Link copied' : 'Share'}
      </button>
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
          onBlur={() => setOutcome('idle')}
        />
      )}
    </span>
  );
}
