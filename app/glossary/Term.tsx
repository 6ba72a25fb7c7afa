// A technical word with its card, where somebody here explains it: opens on hover, focus and tap; Escape closes it. The card can be entered,
// since it holds links.

import { type ComponentType, type FocusEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { TermSet } from '../exhibit/terms.ts';
import { placeBeside } from '../parts/Popover.tsx';
import { useSetOf } from './page-of-terms.ts';
import type { TermCardProps } from './TermCard.tsx';
import './Term.css';

const HOVER_DELAY_MS = 250;
/** Time to cross from the word to its card. */
const LEAVE_DELAY_MS = 200;

type Card = ComponentType<Omit<TermCardProps, 'entry'>>;

async function loadCard(id: string, set: TermSet): Promise<Card> {
  const [{ TermCard }, entries] = await Promise.all([import('./TermCard.tsx'), set.load()]);
  return (props) => <TermCard {...props} entry={entries[id]!} />;
}

interface TermProps {
  id: string | undefined;
  /** Where what is shown is not the word itself. */
  name?: string;
  children: ReactNode;
}

export function Term({ id, name, children }: TermProps) {
  const set = useSetOf(id);
  // Another exhibit may mean something else by the same word.
  return id && set ? <TermOf key={set.title} id={id} set={set} name={name} label={children} /> : children;
}

function TermOf({ id, set, name, label }: { id: string; set: TermSet; name: string | undefined; label: ReactNode }) {
  const [Content, setContent] = useState<Card | null>(null);
  const [wanted, setWanted] = useState(false);
  const cardId = useId();
  const sentenceId = useId();
  const button = useRef<HTMLButtonElement>(null);
  const card = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const show = () => {
    clearTimeout(timer.current);
    setWanted(true);
    // A card that cannot be had now is asked for again the next time.
    if (!Content)
      loadCard(id, set).then(
        (loaded) => setContent(() => loaded),
        () => {},
      );
  };
  const hide = () => {
    clearTimeout(timer.current);
    setWanted(false);
  };
  const leave = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(hide, LEAVE_DELAY_MS);
  };
  const blur = (event: FocusEvent) => {
    const to = event.relatedTarget;
    if (to instanceof Node && (card.current?.contains(to) || button.current === to)) return;
    // A press inside the card moves the focus nowhere in some browsers; the pointer over it keeps it open.
    if (!card.current?.matches(':hover')) hide();
  };
  // The card opens once its sentence is drawn, so that it is placed at its real size.
  useEffect(() => {
    if (!card.current || !button.current) return;
    const isOpen = card.current.matches(':popover-open');
    if (wanted && Content && !isOpen) {
      card.current.showPopover();
      placeBeside(card.current, button.current);
    } else if (!wanted && isOpen) card.current.hidePopover();
  }, [wanted, Content]);
  useEffect(() => () => clearTimeout(timer.current), []);
  // Before the page's own keys, wherever the focus is: what is on top closes first, and nothing else.
  const isOpen = wanted && Content !== null;
  useEffect(() => {
    if (!isOpen) return;
    const closeFirst = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      if (card.current?.contains(document.activeElement)) button.current?.focus();
      clearTimeout(timer.current);
      setWanted(false);
    };
    window.addEventListener('keydown', closeFirst, true);
    return () => window.removeEventListener('keydown', closeFirst, true);
  }, [isOpen]);

  return (
    <>
      <button
        ref={button}
        type="button"
        className={name === undefined ? 'term' : 'term sign'}
        aria-label={name}
        aria-describedby={Content ? sentenceId : undefined}
        aria-expanded={wanted}
        aria-controls={cardId}
        onPointerEnter={(event) => {
          clearTimeout(timer.current);
          if (event.pointerType === 'mouse') timer.current = setTimeout(show, HOVER_DELAY_MS);
        }}
        onPointerLeave={leave}
        onFocus={(event) => {
          if (event.currentTarget.matches(':focus-visible')) show();
        }}
        onBlur={blur}
        onClick={show}
      >
        {label}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only stays open while pointed at or focused within */}
      <span
        ref={card}
        id={cardId}
        popover="manual"
        className="popup placed term-card"
        onPointerEnter={() => clearTimeout(timer.current)}
        onPointerLeave={leave}
        onBlur={blur}
      >
        {Content && <Content sentenceId={sentenceId} onClose={hide} />}
      </span>
    </>
  );
}
