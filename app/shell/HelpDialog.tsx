// Help: what the page is, its keys, and every word of the glossary.

import { GlossaryList } from '../glossary/GlossaryList.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { KEYS } from './keyboard.ts';

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
          <tbody>
            {KEYS.map(({ keys, does }) => (
              <tr key={keys}>
                <th scope="row">
                  <kbd>{keys}</kbd>
                </th>
                <td>{does}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="quiet small">In a picture the arrows move the selection; the selection is shared by all views.</p>
        <h3>Words</h3>
        <GlossaryList />
      </div>
    </Dialog>
  );
}
