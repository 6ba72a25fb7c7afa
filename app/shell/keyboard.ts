// The page's keys. Letters are matched by what the key types, so they hold on every layout; nothing fires while text is being typed
// or where a control uses the key itself.

import type { Page } from '../state/page-context.ts';

export const KEYS: readonly { keys: string; does: string }[] = [
  { keys: 'Space', does: 'play or pause' },
  { keys: '← →', does: 'one step back or on (with Shift: ten)' },
  { keys: 'Home End', does: 'to the start, to the end' },
  { keys: '[ ]', does: 'slower, faster' },
  { keys: 't', does: 'picture or table' },
  { keys: 'p', does: 'presentation' },
  { keys: 'g', does: 'gallery' },
  { keys: 'Ctrl Z, Ctrl Shift Z', does: 'undo, redo' },
  { keys: 'Esc', does: 'drop the selection, leave presentation' },
  { keys: '?', does: 'this help' },
];

const OWN_KEYS =
  'input, select, textarea, [contenteditable], [role="slider"], [role="separator"], [role="tab"], [role="listbox"], [role="grid"], .cm-editor';
const BUTTONS = 'button, a, summary, [role="button"]';

export interface PageActions {
  help(): void;
  gallery(): void;
}

/** Handles one key press. @returns true if it was used */
export function handleKey(event: KeyboardEvent, page: Page, actions: PageActions): boolean {
  const target = event.target instanceof Element ? event.target : null;
  const dialogOpen = target?.closest('dialog') != null;
  const command = event.ctrlKey || event.metaKey;
  if (dialogOpen || event.altKey) return false;
  const typing =
    target?.closest(
      'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, [contenteditable], .cm-editor',
    ) != null;
  if (command) return typing ? false : handleHistory(event, page);
  if (target?.closest(OWN_KEYS) && !(target.matches('.scrubber') && event.key === ' ')) return false;
  if (event.key === ' ' && target?.closest(BUTTONS)) return false;
  return handlePlain(event, page, actions);
}

function handleHistory(event: KeyboardEvent, { config }: Page): boolean {
  const key = event.key.toLowerCase();
  if (key === 'z' && !event.shiftKey) config.getState().undo();
  else if ((key === 'z' && event.shiftKey) || key === 'y') config.getState().redo();
  else return false;
  return true;
}

function handlePlain(event: KeyboardEvent, { config, cursor }: Page, actions: PageActions): boolean {
  const play = cursor.getState();
  const { arrangement, arrange } = config.getState();
  const step = (by: number) => {
    play.pause();
    play.seek(play.tick + by * (event.shiftKey ? 10 : 1));
  };
  switch (event.key) {
    case ' ':
      play.toggle();
      break;
    case 'ArrowRight':
      step(1);
      break;
    case 'ArrowLeft':
      step(-1);
      break;
    case 'Home':
      play.seek(0);
      break;
    case 'End':
      play.pause();
      play.seek(Number.POSITIVE_INFINITY);
      break;
    case '[':
      play.changeSpeed(-1);
      break;
    case ']':
      play.changeSpeed(1);
      break;
    case 't':
      arrange({ table: !arrangement.table });
      break;
    case 'p':
      arrange({ present: !arrangement.present });
      break;
    case 'g':
      actions.gallery();
      break;
    case '?':
      actions.help();
      break;
    case 'Escape':
      if (arrangement.present) arrange({ present: false });
      else play.select(null);
      break;
    default:
      return false;
  }
  return true;
}
