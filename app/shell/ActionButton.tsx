// A button, or a row of a menu, that is one of the page's actions: its name, its keys, and whether it can be used now come from the list.

import { createContext, type ReactNode, useContext } from 'react';
import { Icon, type IconName } from '../parts/icons.tsx';
import { useConfig, useCursor, useSession } from '../state/page-context.ts';
import { ACTION_BY_ID, type Action, type ActionContext, type ActionId } from './actions.ts';
import { keyText, shortcutsOf } from './key-names.ts';

export const Actions = createContext<ActionContext | null>(null);

function useActions(): ActionContext {
  const context = useContext(Actions);
  if (!context) throw new Error('useActions outside of the shell');
  return context;
}

/** Whether the action can be used now. */
function useIsPossible({ when }: Action): boolean {
  const context = useActions();
  const ask = () => when === undefined || when(context);
  // An action may ask any store; the answer is one for all of them.
  const answers = [useConfig(ask), useCursor(ask), useSession(ask)];
  return answers.every((answer) => answer);
}

interface ActionButtonProps {
  id: ActionId;
  icon?: IconName;
  /** What it does now, where that is more than the action's title says: 'Pause'. */
  label?: string;
  /** In place of the title, where the button shows words. */
  children?: ReactNode;
  className?: string;
  pressed?: boolean;
  /** Says its key, too. */
  showsKey?: boolean;
  /** Before it is run: closes the menu that it stands in. */
  onRun?(): void;
}

export function ActionButton({ id, icon, label, children, className, pressed, showsKey, onRun }: ActionButtonProps) {
  const action = ACTION_BY_ID.get(id)!;
  const context = useActions();
  const isPossible = useIsPossible(action);
  const title = label ?? action.title;
  const hint = action.keys ? `${title} (${keyText(action.keys[0]!)})` : title;
  return (
    <button
      type="button"
      data-action={id}
      className={className ?? (icon ? 'button bare icon' : 'button')}
      aria-label={icon || label ? title : undefined}
      aria-keyshortcuts={shortcutsOf(action.keys)}
      aria-pressed={pressed}
      title={hint}
      disabled={!isPossible}
      onClick={() => {
        onRun?.();
        action.run(context);
      }}
    >
      {icon ? <Icon name={icon} /> : (children ?? (showsKey ? hint : title))}
    </button>
  );
}
