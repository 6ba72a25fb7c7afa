// The gallery: every preset of every mechanism, and every view of it, each with a fixed seed, one click from the stage. Pictures are
// drawn from the recordings shipped with the page.

import { useEffect, useMemo, useState } from 'react';
import type { Mechanism, Preset } from '#gpu/mechanisms/mechanism.ts';
import { stageViews } from '../exhibit/picked-view.ts';
import type { MechanismView } from '../exhibit/view.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { encodeLink } from '../state/link/url-state.ts';
import { useExhibits, usePage, useViewOf } from '../state/page-context.ts';
import { listShipped, type ShippedEntry } from '../state/recordings/shipped-recordings.ts';
import { presetLink } from './preset-link.ts';
import { Thumbnail } from './Thumbnail.tsx';
import './gallery.css';

export function GalleryDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const exhibits = useExhibits(true);
  const [shipped, setShipped] = useState<readonly ShippedEntry[] | null>(null);
  useEffect(() => {
    void listShipped().then(setShipped);
  }, []);
  return (
    <Dialog title="Gallery" open={open} onClose={onClose} wide>
      <div className="gallery">
        {exhibits.map((mechanism) => (
          <Exhibit key={mechanism.id} mechanism={mechanism} shipped={shipped} onOpen={onClose} />
        ))}
      </div>
    </Dialog>
  );
}

interface ExhibitProps {
  mechanism: Mechanism;
  shipped: readonly ShippedEntry[] | null;
  onOpen(): void;
}

function Exhibit(props: ExhibitProps) {
  const { mechanism } = props;
  const view = useViewOf(mechanism.id);
  return (
    <section aria-label={mechanism.title}>
      <h3>{mechanism.title}</h3>
      {mechanism.presets.map((preset) => (
        <PresetRow key={preset.id} {...props} preset={preset} view={view} />
      ))}
    </section>
  );
}

interface PresetRowProps extends ExhibitProps {
  preset: Preset;
  view: MechanismView | undefined;
}

function PresetRow({ mechanism, preset, view, shipped, onOpen }: PresetRowProps) {
  const { config } = usePage();
  const link = useMemo(() => presetLink(mechanism, preset, ''), [mechanism, preset]);
  const entry = shipped?.find((candidate) => candidate.link === encodeLink(link));
  const open = (viewId: string) => {
    const { experiment, arrangement } = presetLink(mechanism, preset, viewId);
    const { panes } = config.getState().arrangement;
    config.getState().open(experiment, { ...arrangement, panes }, null);
    onOpen();
  };
  const variant = mechanism.variants.find(({ id }) => id === preset.variant);
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
