// From a key press to an action. Letters are matched by what the key types, so they hold on every layout; nothing fires while text is being
// typed, or where a control uses the key itself.

import { ACTIONS, type Action, type ActionContext } from './actions.ts';

const MOVES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'];
const PRESSES = [' ', 'Enter'];

/** What is typed into takes every key. */
const TYPED_INTO =
  'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable], .cm-editor';
/** [controls, keys that they use themselves]; on everything else focus is harmless. */
const USED_BY: readonly (readonly [string, readonly string[]])[] = [
  [
    // The scrubber's own moves are those of the list: one step, to the start, to the end.
    'input[type="range"]:not(.scrubber), input[type="radio"], [role="slider"], [role="separator"], [role="tab"], [role="listbox"], [role="grid"]',
    MOVES,
  ],
  ['button, a, summary, input[type="checkbox"], input[type="radio"], [role="button"], [role="option"]', PRESSES],
];

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** 'Ctrl Shift z' as written in the list of actions. Shift is a part of a character, and a key by itself before others. */
function nameOf({ key, ctrlKey, metaKey, shiftKey }: KeyPress): string {
  if (ctrlKey || metaKey) return `Ctrl ${shiftKey ? 'Shift ' : ''}${key.toLowerCase()}`;
  return shiftKey && key.length > 1 ? `Shift ${key}` : key;
}

const isUsedAt = (target: Element | null, { key, ctrlKey, metaKey }: KeyPress): boolean => {
  if (!target) return false;
  // Typed text has an undo of its own; a list has none.
  if (ctrlKey || metaKey) return target.closest(TYPED_INTO) !== null && !target.matches('select');
  return (
    target.closest(TYPED_INTO) !== null ||
    USED_BY.some(([controls, keys]) => keys.includes(key) && target.closest(controls) !== null)
  );
};

/** The action that a key press means in this context, wherever the focus is. */
export function actionOf(press: KeyPress, context: ActionContext): Action | undefined {
  if (press.altKey) return undefined;
  const name = nameOf(press);
  return (ACTIONS as readonly Action[]).find(
    ({ keys, when }) => keys?.includes(name) && (when === undefined || when(context)),
  );
}

/** Handles one key press. @returns true if it was used */
export function handleKey(event: KeyboardEvent, context: ActionContext): boolean {
  const target = event.target instanceof Element ? event.target : null;
  // A dialog on top has all keys.
  if (target?.closest('dialog') || isUsedAt(target, event)) return false;
  const action = actionOf(event, context);
  action?.run(context);
  return action !== undefined;
}
