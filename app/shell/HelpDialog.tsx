// Help: what the page is, its keys, and every word of the glossary.

import { GlossaryList } from '../glossary/GlossaryList.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { ACTIONS, type Action } from './actions.ts';
import { keyText } from './key-names.ts';

const GROUPS = ['Playback', 'Picture', 'Experiment', 'Page'] as const satisfies readonly Action['group'][];
const WITH_KEYS: readonly Action[] = (ACTIONS as readonly Action[]).filter(({ keys }) => keys !== undefined);

export function HelpDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  return (
    <Dialog title="Help" open={open} onClose={onClose}>
      <div className="stack">
        <p>
          Tilescope runs the kernel in the Kernel pane on this device and records it. Every picture is drawn from that
          recording: edit the kernel and the pictures change with what it really does.
        </p>
        <h3>Keys</h3>
        <table className="facts">
          {GROUPS.map((group) => (
            <tbody key={group}>
              <tr>
                <th scope="rowgroup" colSpan={2}>
                  {group}
                </th>
              </tr>
              {WITH_KEYS.filter((action) => action.group === group).map(({ id, keys, title }) => (
                <tr key={id}>
                  <th scope="row">
                    {keys?.map((key) => (
                      <kbd key={key}>{keyText(key)}</kbd>
                    ))}
                  </th>
                  <td>{title}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
        <p className="quiet small">In a picture the arrows move the selection; the selection is shared by all views.</p>
        <h3>Words</h3>
        <GlossaryList />
      </div>
    </Dialog>
  );
}
