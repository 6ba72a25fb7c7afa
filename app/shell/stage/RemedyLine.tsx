// Beside the story of a run that moves more than it would have to: what would move less, or the word that nothing does.

import { useEffect, useState } from 'react';
import type { Remedy } from '../../exhibit/offer.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { useSession, useShown } from '../../state/page-context.ts';
import { OfferButtons } from './OfferButtons.tsx';

const NO_LIMITS = {};

export function RemedyLine({ recording }: { recording: Recording }) {
  const { view } = useShown();
  const others = useSession((state) => state.others) as Recording[];
  const limits = useSession(({ engine }) => (engine.kind === 'ready' ? engine.adapter.limits : NO_LIMITS));
  const [found, setFound] = useState<{ of: Recording; remedy: Remedy | null } | null>(null);
  useEffect(() => {
    let isLate = false;
    // Without it the story stands as it is.
    view?.remedy?.().then(
      (find) => !isLate && setFound({ of: recording, remedy: find(recording, others, limits) }),
      () => {},
    );
    return () => {
      isLate = true;
    };
  }, [view, recording, others, limits]);
  if (found?.of !== recording || !found.remedy) return null;
  return (
    <p className="remedy">
      {found.remedy.words} <OfferButtons offers={found.remedy.offers} />
    </p>
  );
}
