// The buttons of what an exhibit offers, and what pressing one does.

import type { Offer } from '../../exhibit/offer.ts';
import { type Page, usePage } from '../../state/page-context.ts';
import type { Experiment } from '../../state/stores/experiment.ts';

export function takeOffer({ config }: Pick<Page, 'config'>, offer: Offer): void {
  const { experiment, change, arrange } = config.getState();
  const { mechanism = experiment.mechanism, variant = experiment.variant, input = experiment.input } = offer;
  const merged = Object.entries({ ...(offer.anew ? {} : experiment.config), ...offer.config });
  const settings = Object.fromEntries(merged.filter(([, value]) => value !== undefined)) as Experiment['config'];
  const moves = mechanism !== experiment.mechanism;
  const compare = moves || experiment.compare === variant ? null : experiment.compare;
  change({ mechanism, variant, input, compare, config: settings, ...(moves && { sources: {} }) });
  if (offer.view !== undefined) arrange({ view: offer.view });
}

export function OfferButtons({ offers, onTake }: { offers: readonly Offer[]; onTake?(): void }) {
  const page = usePage();
  return offers.map((offer) => (
    <button
      key={offer.label}
      type="button"
      className="button small"
      onClick={() => {
        takeOffer(page, offer);
        onTake?.();
      }}
    >
      {offer.label}
    </button>
  ));
}
