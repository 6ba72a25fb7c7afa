// Keys as people read them, and as screen readers are told them.

const SIGNS: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
  Escape: 'Esc',
};

const partsOf = (key: string) => (key === ' ' ? [key] : key.split(' '));

/** 'Ctrl Shift Z': a letter of a combination as it stands on the key. */
export function keyText(key: string): string {
  const parts = partsOf(key);
  return parts
    .map((part) => SIGNS[part] ?? (parts.length > 1 && part.length === 1 ? part.toUpperCase() : part))
    .join(' ');
}

/** 'Control+Shift+Z', as `aria-keyshortcuts` has it. */
export function shortcutsOf(keys: readonly string[] | undefined): string | undefined {
  return keys
    ?.map((key) =>
      partsOf(key)
        .map((part) => (part === 'Ctrl' ? 'Control' : part === ' ' ? 'Space' : part))
        .join('+'),
    )
    .join(' ');
}
