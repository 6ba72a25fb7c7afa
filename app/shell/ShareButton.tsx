// Copies the link and says so; where copying is not allowed the link is shown to be copied by hand.

import { useEffect, useState } from 'react';
import { usePage } from '../state/page.ts';
import { copyText, currentLink } from './share.ts';

const SHOWN_MS = 2500;

export function ShareButton() {
  const page = usePage();
  const [outcome, setOutcome] = useState<'idle' | 'copied' | { link: string }>('idle');
  useEffect(() => {
    if (outcome !== 'copied') return;
    const timer = setTimeout(() => setOutcome('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const share = async () => {
    const link = currentLink(page);
    history.replaceState(null, '', link);
    setOutcome((await copyText(link)) ? 'copied' : { link });
  };
  return (
    <span className="share">
      <button type="button" className="button" onClick={share} aria-label="Share: copy the link of this page as it is">
        {outcome === 'copied' ? 'Link copied' : 'Share'}
      </button>
      <span role="status" className="visually-hidden">
        {outcome === 'copied' ? 'The link is on the clipboard' : ''}
      </span>
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
