// A button with a card beside it, on the platform's own popover: light dismiss, Escape and top layer come from the browser.

import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from 'react';

const GAP = 6;

export interface PopoverProps {
  /** Of the card, where something else opens it too. */
  id?: string;
  /** Content of the button. */
  label: ReactNode;
  /** Accessible name, where the content is an icon. */
  name?: string;
  className?: string;
  children: ReactNode | ((close: () => void) => ReactNode);
}

/** Puts `card` under `anchor`, or above it where there is more room, within the window. */
export function placeBeside(card: HTMLElement, anchor: Element): void {
  const from = anchor.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const below = window.innerHeight - from.bottom;
  const top = below >= height + GAP || below >= from.top ? from.bottom + GAP : from.top - height - GAP;
  const left = Math.min(Math.max(GAP, from.left), window.innerWidth - width - GAP);
  card.style.top = `${Math.max(GAP, Math.min(top, window.innerHeight - height - GAP))}px`;
  card.style.left = `${Math.max(GAP, left)}px`;
}

export function Popover({ id: given, label, name, className = 'button', children }: PopoverProps) {
  const own = useId();
  const id = given ?? own;
  const button = useRef<HTMLButtonElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  // Before the page's own keys: what is on top closes first, and nothing else.
  useEffect(() => {
    if (!isOpen) return;
    const closeFirst = (event: KeyboardEvent) => {
      // A card within it is on top of it.
      if (event.key !== 'Escape' || card.current?.matches(':has(:popover-open)')) return;
      event.preventDefault();
      card.current?.hidePopover();
    };
    window.addEventListener('keydown', closeFirst, true);
    // What it holds comes when it is opened, some of it a moment later.
    const sized = new ResizeObserver(() => {
      if (card.current && button.current) placeBeside(card.current, button.current);
    });
    if (card.current) sized.observe(card.current);
    return () => {
      window.removeEventListener('keydown', closeFirst, true);
      sized.disconnect();
    };
  }, [isOpen]);
  const close = useCallback(() => card.current?.hidePopover(), []);
  return (
    <>
      <button ref={button} type="button" className={className} aria-label={name} title={name} popoverTarget={id}>
        {label}
      </button>
      <div
        ref={card}
        id={id}
        popover="auto"
        className="popup placed"
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {isOpen && (typeof children === 'function' ? children(close) : children)}
      </div>
    </>
  );
}
