// A technical word with its card: opens on hover, focus and tap; Escape closes it.

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { placeBeside } from '../shell/Popover.tsx';
import { GLOSSARY, type TermId } from './entries.ts';
import './Term.css';

const HOVER_DELAY_MS = 250;

export function Term({ id, children }: { id: TermId; children?: ReactNode }) {
  const { title, text } = GLOSSARY[id];
  const cardId = useId();
  const button = useRef<HTMLButtonElement>(null);
  const card = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const show = () => {
    clearTimeout(timer.current);
    if (!card.current || !button.current || card.current.matches(':popover-open')) return;
    card.current.showPopover();
    placeBeside(card.current, button.current);
  };
  const hide = () => {
    clearTimeout(timer.current);
    if (card.current?.matches(':popover-open')) card.current.hidePopover();
  };
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
        {children ?? title}
      </button>
      <span ref={card} id={cardId} popover="manual" role="tooltip" className="popup placed term-card">
        <strong>{title}</strong>
        <span>{text}</span>
      </span>
    </>
  );
}
