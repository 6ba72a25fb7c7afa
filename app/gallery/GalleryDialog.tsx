// The gallery: every exhibit by family, each with its presets and views, with a fixed seed, one click from the stage. Lists come from the
// cards; pictures are drawn from the recordings shipped with the page, when they come into sight.

import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { cards } from '#gpu/mechanisms/cards.ts';
import type { Card, Preset } from '#gpu/mechanisms/mechanism.ts';
import { type Family, familiesOf, found } from '../exhibit/families.ts';
import { stageViews } from '../exhibit/picked-view.ts';
import type { MechanismView } from '../exhibit/view.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { encodeLink } from '../state/link/url-state.ts';
import { useConfig, usePage, useViewOf } from '../state/page-context.ts';
import { listShipped, type ShippedEntry } from '../state/recordings/shipped-recordings.ts';
import { presetLink } from './preset-link.ts';
import { Thumbnail } from './Thumbnail.tsx';
import { useSeen } from './use-seen.ts';
import './gallery.css';

const FAMILIES = familiesOf(cards.values());

export function GalleryDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const [shipped, setShipped] = useState<readonly ShippedEntry[] | null>(null);
  useEffect(() => {
    void listShipped().then(setShipped);
  }, []);
  const [search, setSearch] = useState('');
  const families = useMemo(() => found(FAMILIES, search), [search]);
  const list = useRef<HTMLDivElement>(null);
  const goTo = (title: string) => {
    const section = [...(list.current?.querySelectorAll('section') ?? [])].find(
      ({ dataset }) => dataset.family === title,
    );
    section?.scrollIntoView({ block: 'start' });
    section?.querySelector('summary')?.focus({ preventScroll: true });
  };
  return (
    <Dialog title="Gallery" open={open} onClose={onClose} wide>
      <div className="gallery" ref={list}>
        <search className="gallery-find">
          <input
            className="field"
            type="search"
            aria-label="Find an exhibit"
            placeholder="Find an exhibit"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          {families.length > 1 && (
            <nav aria-label="Families">
              {families.map(({ title, cards: members }) => (
                <button key={title} type="button" className="button bare small" onClick={() => goTo(title)}>
                  {title} <span className="quiet numeric">{members.length}</span>
                </button>
              ))}
            </nav>
          )}
        </search>
        {families.map((family) => (
          <FamilySection key={family.title} family={family} shipped={shipped} onOpen={onClose} />
        ))}
        {families.length === 0 && (
          <p className="quiet" role="status">
            No exhibit is called so.
          </p>
        )}
      </div>
    </Dialog>
  );
}

interface Shared {
  /** Null until the listing is here. */
  shipped: readonly ShippedEntry[] | null;
  onOpen(): void;
}

function FamilySection({ family, ...shared }: Shared & { family: Family }) {
  const id = useId();
  return (
    <section aria-labelledby={id} data-family={family.title}>
      <h3 id={id}>{family.title}</h3>
      <div className="gallery-exhibits">
        {family.cards.map((card) => (
          <Exhibit key={card.id} card={card} {...shared} />
        ))}
      </div>
    </section>
  );
}

const entryOf = (shipped: Shared['shipped'], card: Card, preset: Preset) =>
  shipped?.find(({ link }) => link === encodeLink(presetLink(card, preset, '')));

/** Closed: a picture, a title and what it is. Open: every preset with every view. */
function Exhibit({ card, ...shared }: Shared & { card: Card }) {
  const isOnStage = useConfig(({ experiment }) => experiment.mechanism === card.id);
  const [open, setOpen] = useState(isOnStage);
  const box = useRef<HTMLDetailsElement>(null);
  const seen = useSeen(box);
  const view = useViewOf(card.id, seen);
  const cover = useMemo(
    () => card.presets.map((preset) => entryOf(shared.shipped, card, preset)).find((entry) => entry !== undefined),
    [card, shared.shipped],
  );
  const count = card.presets.length;
  return (
    <details
      ref={box}
      className="gallery-exhibit"
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        {!open && <Thumbnail view={stageViews(view)[0]} entry={cover} />}
        <h4>{card.title}</h4>
        <span className="gallery-summary">{card.summary}</span>
        <span className="quiet small numeric">{count === 1 ? '1 preset' : `${count} presets`}</span>
      </summary>
      {open &&
        card.presets.map((preset) => <PresetRow key={preset.id} card={card} preset={preset} view={view} {...shared} />)}
    </details>
  );
}

interface PresetRowProps extends Shared {
  card: Card;
  preset: Preset;
  view: MechanismView | undefined;
}

function PresetRow({ card, preset, view, shipped, onOpen }: PresetRowProps) {
  const { config } = usePage();
  const entry = useMemo(() => entryOf(shipped, card, preset), [shipped, card, preset]);
  const open = (viewId: string) => {
    const { experiment, arrangement } = presetLink(card, preset, viewId);
    const { panes } = config.getState().arrangement;
    config.getState().open(experiment, { ...arrangement, panes }, null);
    onOpen();
  };
  const variant = card.variants.find(({ id }) => id === preset.variant);
  return (
    <article className="gallery-preset" aria-label={preset.title}>
      <div className="gallery-title">
        <strong>{preset.title}</strong> <span className="quiet">{variant?.title}</span>
      </div>
      <ul className="gallery-views">
        {stageViews(view).map((spec) => (
          <li key={spec.id}>
            <button type="button" className="gallery-card" onClick={() => open(spec.id)}>
              <Thumbnail view={spec} entry={entry} />
              <span>{spec.title}</span>
            </button>
          </li>
        ))}
      </ul>
    </article>
  );
}
