// A technical word with its card: opens on hover, focus and tap; Escape closes it.

import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { placeBeside } from '../shell/Popover.tsx';
import type { GlossaryEntry } from './entries.ts';
import type { TermId } from './terms.ts';
import './Term.css';

const HOVER_DELAY_MS = 250;

async function entryOf(id: TermId): Promise<GlossaryEntry> {
  const { GLOSSARY } = await import('./entries.ts');
  return GLOSSARY[id];
}

export function Term({ id, children }: { id: TermId; children: ReactNode }) {
  const [entry, setEntry] = useState<GlossaryEntry | null>(null);
  const [wanted, setWanted] = useState(false);
  const cardId = useId();
  const button = useRef<HTMLButtonElement>(null);
  const card = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const show = () => {
    clearTimeout(timer.current);
    setWanted(true);
    if (!entry) void entryOf(id).then(setEntry);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setWanted(false);
  };
  // The card opens once its sentence is drawn, so that it is placed at its real size.
  useEffect(() => {
    if (!card.current || !button.current) return;
    const isOpen = card.current.matches(':popover-open');
    if (wanted && entry && !isOpen) {
      card.current.showPopover();
      placeBeside(card.current, button.current);
    } else if (!wanted && isOpen) card.current.hidePopover();
  }, [wanted, entry]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <>
      <button
        ref={button}
        type="button"
        className="term"
        aria-describedby={cardId}
        onPointerEnter={(event) => {
          if (event.pointerType === 'mouse') timer.current = setTimeout(show, HOVER_DELAY_MS);
        }}
        onPointerLeave={hide}
        onFocus={(event) => {
          if (event.currentTarget.matches(':focus-visible')) show();
        }}
        onBlur={hide}
        onClick={show}
        onKeyDown={(event) => {
          if (event.key === 'Escape') hide();
        }}
      >
        {children}
      </button>
      <span ref={card} id={cardId} popover="manual" role="tooltip" className="popup placed term-card">
        <strong>{entry?.title}</strong>
        <span>{entry?.text}</span>
      </span>
    </>
  );
}
