// A tab list after the tabs pattern: one stop for Tab, arrows, Home and End move and select. A tab that was clicked gives the focus back:
// what follows a click is for the picture, so the arrows step on in it.

import type { KeyboardEvent } from 'react';

export interface TabsProps {
  label: string;
  tabs: readonly { id: string; title: string }[];
  selected: string;
  onSelect(id: string): void;
  /** Id of the element the tabs control. */
  controls: string;
}

export function Tabs({ label, tabs, selected, onSelect, controls }: TabsProps) {
  const walk = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = tabs.findIndex(({ id }) => id === selected);
    const last = tabs.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at <= 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    const next = to === undefined ? undefined : tabs[to];
    if (!next || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSelect(next.id);
    (event.currentTarget.children[to] as HTMLElement | undefined)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={walk}>
      {tabs.map(({ id, title }) => (
        <button
          key={id}
          type="button"
          role="tab"
          className="tab"
          aria-selected={id === selected}
          aria-controls={controls}
          tabIndex={id === selected ? 0 : -1}
          onClick={(event) => {
            onSelect(id);
            // Pressed by a key, or by what reads the page aloud, it has no clicks.
            if (event.detail > 0) event.currentTarget.blur();
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
