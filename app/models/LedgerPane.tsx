// What the stack costs: weights, products and kept bytes of every part by formula, the bytes of the Session as they are on the device, and
// one part's recorded run: its kernels and what they moved.

import type { Stack } from '#gpu/model/stack/config.ts';
import { type Ledger, ledgerOf } from '#gpu/model/stack/ledger.ts';
import type { BlockRecording } from '../state/run/model-runs.ts';
import type { ModelState } from '../state/stores/model-store.ts';
import { bytesText, countText, exactText } from '../words/quantities.ts';
import { TokenCurves } from './TokenCurves.tsx';

export interface LedgerPaneProps extends Pick<ModelState, 'bytes' | 'tokens'> {
  stack: Stack;
  picked: string | null;
  onPick(place: string): void;
  recording: BlockRecording | null;
  isBusy: boolean;
  onRecord(place: string): void;
  /** Absent where the picked part has no exhibit. */
  onOpenExhibit?: (() => void) | undefined;
}

export function LedgerPane({
  stack,
  picked,
  onPick,
  bytes,
  tokens,
  recording,
  isBusy,
  onRecord,
  onOpenExhibit,
}: LedgerPaneProps) {
  const position = Math.max(0, tokens.length - 1);
  const ledger = ledgerOf(stack, position);
  return (
    <section className="ledger-pane" aria-label="What it costs">
      <table className="ledger">
        <caption>
          By formula, for the token after {position} others <span className="quiet">closed form</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">part</th>
            <th scope="col">weights</th>
            <th scope="col">products</th>
            <th scope="col">kept a token</th>
            <th scope="col">state</th>
          </tr>
        </thead>
        <tbody>
          {ledger.parts.map(({ place, kind, parameters, multiplies, bytesPerToken, stateBytes }) => (
            <tr key={place} aria-current={picked === place ? 'true' : undefined}>
              <th scope="row">
                <button type="button" className="button bare small" onClick={() => onPick(place)}>
                  {placeName(place)} {kind}
                </button>
              </th>
              <td className="numeric" title={exactText(parameters)}>
                {countText(parameters)}
              </td>
              <td className="numeric" title={exactText(multiplies)}>
                {countText(multiplies)}
              </td>
              <td className="numeric">{bytesPerToken > 0 ? bytesText(bytesPerToken) : '–'}</td>
              <td className="numeric">{stateBytes > 0 ? bytesText(stateBytes) : '–'}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <Sum ledger={ledger} />
        </tfoot>
      </table>
      <p>{keptSentence(ledger, tokens.length)}</p>
      <TokenCurves tokens={tokens} bytesPerToken={ledger.bytesPerToken} stateBytes={ledger.stateBytes} />
      {bytes && (
        <p className="quiet">
          On the device this Session holds {bytesText(Object.values(bytes).reduce((sum, each) => sum + each, 0))} in{' '}
          {Object.keys(bytes).length} buffers
          {ledger.bytesPerToken > 0 && `, with room for the keys and values of ${stack.size.context} tokens`} (counted).
        </p>
      )}
      {picked && (
        <div className="ledger-part">
          <h2>{placeName(picked)}</h2>
          <button type="button" className="button" disabled={isBusy} onClick={() => onRecord(picked)}>
            Run and record this part
          </button>
          {onOpenExhibit && (
            <button type="button" className="button" disabled={isBusy} onClick={onOpenExhibit}>
              Open its q, k and v in the attention exhibit
            </button>
          )}
          {recording?.place === picked && <Recorded recording={recording} />}
        </div>
      )}
    </section>
  );
}

export const placeName = (place: string): string => {
  const block = /^blocks\.(\d+)$/.exec(place);
  return block ? `Block ${Number(block[1]) + 1}` : place === 'tokens' ? 'Way in' : 'Way out';
};

function Sum({ ledger }: { ledger: Ledger }) {
  return (
    <tr>
      <th scope="row">all</th>
      <td className="numeric" title={exactText(ledger.parameters)}>
        {countText(ledger.parameters)}
      </td>
      <td className="numeric" title={exactText(ledger.multiplies)}>
        {countText(ledger.multiplies)}
      </td>
      <td className="numeric">{bytesText(ledger.bytesPerToken)}</td>
      <td className="numeric">{bytesText(ledger.stateBytes)}</td>
    </tr>
  );
}

function keptSentence({ bytesPerToken, stateBytes }: Ledger, tokens: number): string {
  const grows =
    bytesPerToken > 0
      ? `Every token adds ${bytesText(bytesPerToken)} of keys and values`
      : 'No token adds anything to what is kept';
  const now = tokens > 0 && bytesPerToken > 0 ? `: ${bytesText(tokens * bytesPerToken)} for the ${tokens} here` : '';
  const state = stateBytes > 0 ? `; ${bytesText(stateBytes)} of state stay as they are` : '';
  return `${grows}${now}${state}.`;
}

/** Exact counts of the recorded run, by kernel and by buffer. */
function Recorded({ recording: { trace, tokens } }: { recording: BlockRecording }) {
  const storage = new Set(trace.buffers.filter(({ space }) => space === 'storage').map(({ name }) => name));
  const moved = trace.totals.filter(({ buffer, loads, stores }) => storage.has(buffer) && loads + stores > 0);
  return (
    <>
      <p>
        {tokens} tokens through {trace.dispatches.length} kernels, one after the other
        {trace.matchesPlain ? '; recorded and plain run agree bit for bit' : '; recorded and plain run differ'}.
      </p>
      <ol className="ledger-kernels">
        {trace.dispatches.map(({ kernel, workgroups }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a dispatch has no name but its place
          <li key={index}>
            <code>{kernel}</code> <span className="quiet numeric">{workgroups.join(' × ')} workgroups</span>
          </li>
        ))}
      </ol>
      <table className="ledger">
        <caption>
          Requested from storage <span className="quiet">exact, counted</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">buffer</th>
            <th scope="col">read</th>
            <th scope="col">written</th>
          </tr>
        </thead>
        <tbody>
          {moved.map(({ buffer, loadBytes, storeBytes }) => (
            <tr key={buffer}>
              <th scope="row">
                <code>{buffer}</code>
              </th>
              <td className="numeric">{loadBytes > 0 ? bytesText(loadBytes) : '–'}</td>
              <td className="numeric">{storeBytes > 0 ? bytesText(storeBytes) : '–'}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">all</th>
            <td className="numeric">{bytesText(moved.reduce((sum, { loadBytes }) => sum + loadBytes, 0))}</td>
            <td className="numeric">{bytesText(moved.reduce((sum, { storeBytes }) => sum + storeBytes, 0))}</td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}
