// For who is here for the first time: what this page is, what the picture means, and where to go next. Its code comes with the picture.

import { useEffect, useState } from 'react';
import type { Welcome } from '../../exhibit/offer.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import { MarkedText } from '../../glossary/MarkedText.tsx';
import { Icon } from '../../parts/icons.tsx';
import { OfferButtons } from './OfferButtons.tsx';
import './first-visit.css';

const PAGE = 'Tilescope records real GPU kernels while they run in this browser, and draws what each step did.';

export function FirstVisit({ view, onSeen }: { view: MechanismView; onSeen(): void }) {
  const [welcome, setWelcome] = useState<{ of: string; said: Welcome } | null>(null);
  useEffect(() => {
    let isLate = false;
    // Without it the page is still explained.
    view.welcome?.().then(
      (said) => !isLate && setWelcome({ of: view.id, said }),
      () => {},
    );
    return () => {
      isLate = true;
    };
  }, [view]);
  const said = welcome?.of === view.id ? welcome.said : null;
  return (
    <>
      <div>
        <p>{PAGE}</p>
        {said && (
          <p>
            <MarkedText text={said.caption} />
          </p>
        )}
        {said?.offers && (
          <p className="first-visit__next">
            <OfferButtons offers={said.offers} />
          </p>
        )}
      </div>
      <button type="button" className="button bare icon" aria-label="Close the introduction" onClick={onSeen}>
        <Icon name="close" />
      </button>
    </>
  );
}
