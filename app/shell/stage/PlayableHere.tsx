// Where nothing can be run: the recordings of the chosen exhibit that play, each a button.

import { use } from 'react';
import { cards } from '#gpu/mechanisms/cards.ts';
import { Popover } from '../../parts/Popover.tsx';
import { openLink } from '../../state/link/url-state.ts';
import { useConfig, usePage } from '../../state/page-context.ts';
import { shippedOf } from '../../state/recordings/nearest-shipped.ts';
import { listShipped } from '../../state/recordings/shipped-recordings.ts';
import { DEFAULT_EXPERIMENT } from '../../state/stores/experiment.ts';
import { orTell } from '../../state/stores/notices.ts';

const all = listShipped();

export function PlayableHere() {
  const page = usePage();
  const mechanism = useConfig(({ experiment }) => experiment.mechanism);
  const entries = shippedOf(use(all), mechanism, DEFAULT_EXPERIMENT.mechanism);
  if (entries.length === 0) return null;
  const play = async (link: string) => {
    // A link is read by its mechanism's schema.
    await page.loadExhibit(mechanism, 'whole');
    page.config.getState().change(openLink(link, page.mechanisms.getState(), cards).state.experiment);
  };
  return (
    <Popover className="button small" label={`What plays here (${entries.length})`}>
      {(close) => (
        <div className="stack">
          {entries.map(({ file, title, link }) => (
            <button
              key={file}
              type="button"
              className="button row"
              onClick={() => {
                close();
                orTell(page.session, play(link));
              }}
            >
              {title}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}
