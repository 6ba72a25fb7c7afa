// The text: what is given, what was made of it, and for a token what else could have come.

import { type CSSProperties, useState } from 'react';
import type { Build, MadeToken, ModelState } from '../state/stores/model-store.ts';
import { timeText } from '../words/quantities.ts';
import { NumberField } from './StackEditor.tsx';

export interface TextPaneProps extends Pick<ModelState, 'build' | 'tokens' | 'work' | 'weights' | 'unknown' | 'codec'> {
  onChange(patch: Partial<Build>, field: string): void;
  onMake(): void;
  onCancel(): void;
}

/** Most likely tokens that are listed. */
const LISTED = 6;

const shown = (text: string) => (text === '\n' ? '↵' : text === ' ' ? '␣' : text);
const percent = (share: number) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;

export function TextPane({ build, tokens, work, weights, unknown, codec, onChange, onMake, onCancel }: TextPaneProps) {
  const [picked, setPicked] = useState<number | null>(null);
  const busy = work.kind === 'making' || work.kind === 'preparing';
  const at = picked !== null && picked < tokens.length ? picked : tokens.length - 1;
  return (
    <section className="text-pane" aria-label="Text">
      <form
        className="text-prompt"
        onSubmit={(event) => {
          event.preventDefault();
          if (busy) onCancel();
          else onMake();
        }}
      >
        <label className="text-label" htmlFor="model-prompt">
          Prompt
        </label>
        <textarea
          id="model-prompt"
          className="field"
          rows={3}
          value={build.prompt}
          onChange={({ target }) => onChange({ prompt: target.value }, 'prompt')}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
        <div className="text-settings">
          <NumberField
            label="tokens to make"
            value={build.most}
            least={1}
            most={4096}
            onSet={(most = 1) => onChange({ most: Math.max(1, Math.floor(most)) }, 'most')}
          />
          <NumberField
            label="temperature"
            value={build.sampling.temperature}
            least={0}
            most={5}
            onSet={(temperature = 0) => onChange({ sampling: { ...build.sampling, temperature } }, 'temperature')}
          />
          <NumberField
            label="top-k (0 all)"
            value={build.sampling.topK}
            least={0}
            onSet={(topK = 0) => onChange({ sampling: { ...build.sampling, topK: Math.floor(topK) } }, 'topK')}
          />
          <NumberField
            label="top-p"
            value={build.sampling.topP}
            least={0}
            most={1}
            onSet={(topP = 1) => onChange({ sampling: { ...build.sampling, topP } }, 'topP')}
          />
          <NumberField
            label="seed"
            value={build.seed}
            least={0}
            onSet={(seed = 0) => onChange({ seed: Math.max(0, Math.floor(seed)) }, 'seed')}
          />
          <button type="submit" className={busy ? 'button' : 'button primary'}>
            {busy ? 'Cancel' : 'Make text'}
          </button>
        </div>
      </form>
      <p className="text-status" role="status">
        {work.kind === 'preparing' && `Preparing ${work.what}…`}
        {work.kind === 'making' && `${tokens.filter(({ given }) => !given).length} of ${build.most} tokens made…`}
        {work.kind === 'idle' && tokens.length > 0 && <Speed tokens={tokens} />}
      </p>
      {work.kind === 'failed' && (
        <p className="problem" role="alert">
          {work.message}
        </p>
      )}
      {unknown.length > 0 && (
        <p className="quiet">Left out, since the model has no token for it: {unknown.join(' ')}</p>
      )}
      <WeightsNote weights={weights} />
      {tokens.length === 0 ? (
        <p className="quiet text-empty">
          Press “Make text”: the stack runs on this device, token after token, and what it finds likely stands beside.
        </p>
      ) : (
        <>
          <div
            className="text-made"
            role="listbox"
            aria-label="Tokens"
            tabIndex={0}
            onKeyDown={(event) => {
              const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tokens.length - 1 }[event.key];
              if (to === undefined) return;
              event.preventDefault();
              setPicked(Math.min(tokens.length - 1, Math.max(0, to)));
            }}
          >
            {wordsOf(tokens).map((word) => (
              <span key={word[0]} className="text-word">
                {word.map((index) => (
                  <Token
                    key={index}
                    token={tokens[index]!}
                    likelihood={probabilityOf(tokens, index)}
                    isPicked={index === at}
                    onPick={() => setPicked(index)}
                  />
                ))}
              </span>
            ))}
          </div>
          {codec && <Choices tokens={tokens} at={at} decode={codec.decode} />}
        </>
      )}
    </section>
  );
}

/** Places of the tokens, a list for each word with the blanks behind it: words are not broken in two. */
function wordsOf(tokens: readonly MadeToken[]): number[][] {
  const words: number[][] = [];
  for (const index of tokens.keys()) {
    const isBlank = (text: string | undefined) => text === undefined || !/\S/.test(text);
    if (isBlank(tokens[index - 1]?.text) && !isBlank(tokens[index]!.text)) words.push([]);
    if (words.length === 0) words.push([]);
    words.at(-1)!.push(index);
  }
  return words;
}

interface TokenProps {
  token: MadeToken;
  likelihood: number;
  isPicked: boolean;
  onPick(): void;
}

function Token({ token: { text, given }, likelihood, isPicked, onPick }: TokenProps) {
  return (
    <button
      type="button"
      role="option"
      tabIndex={-1}
      aria-label={/\S/.test(text) ? undefined : text === '\n' ? 'new line' : 'space'}
      aria-selected={isPicked}
      className={given ? 'text-token given' : 'text-token'}
      style={given ? undefined : likely(likelihood)}
      onClick={onPick}
    >
      {text}
    </button>
  );
}

/** As the stylesheet reads it. */
const likely = (probability: number) => ({ '--likely': probability }) as CSSProperties;

/** How likely the token was, before it came. */
function probabilityOf(tokens: readonly MadeToken[], index: number): number {
  const { id } = tokens[index]!;
  return tokens[index - 1]?.choices.find((choice) => choice.id === id)?.probability ?? 0;
}

function WeightsNote({ weights }: Pick<ModelState, 'weights'>) {
  if (weights.kind === 'loading') return <p className="quiet">Loading the trained weights: {percent(weights.share)}</p>;
  if (weights.kind === 'trained')
    return (
      <p className="quiet">
        Weights: {weights.title}. {weights.result}
      </p>
    );
  if (weights.kind === 'changed')
    return (
      <p className="untrained">
        <strong>Changed.</strong> {weights.kept} of {weights.all} tensors are those of “{weights.title}”
        {weights.kept < weights.all ? ', the others are random numbers from the seed' : ''}; nobody trained the stack as
        it is now.
      </p>
    );
  return (
    <p className="untrained">
      <strong>Untrained.</strong> These weights are random numbers from the seed: what comes out means nothing, and how
      it is computed is the same.
    </p>
  );
}

function Speed({ tokens }: { tokens: readonly MadeToken[] }) {
  const times = tokens.flatMap(({ given, ms }) => (given || ms === null ? [] : [ms])).sort((a, b) => a - b);
  const first = tokens.find(({ given, ms }) => given && ms !== null)?.ms;
  if (times.length === 0) return null;
  const median = times[Math.floor(times.length / 2)]!;
  return (
    <>
      {times.length} tokens, {timeText(median)} each (median; by the clock on the wall, with reading back)
      {first != null && `; ${timeText(first)} for the prompt`}
    </>
  );
}

/** What was likely after the token before: the one that came among them. */
function Choices({ tokens, at, decode }: { tokens: readonly MadeToken[]; at: number; decode(id: number): string }) {
  const before = tokens[at - 1];
  const token = tokens[at];
  if (!token) return null;
  if (!before || before.choices.length === 0)
    return (
      <p className="quiet">
        “{shown(token.text)}” was given: nothing was drawn. Pick a token that was made to see what else was likely.
      </p>
    );
  const listed = before.choices.slice(0, LISTED);
  const came = before.choices.findIndex(({ id }) => id === token.id);
  const rows = came >= LISTED ? [...listed, before.choices[came]!] : listed;
  return (
    <table className="text-choices">
      <caption>
        What the model found likely at “{shown(token.text)}”, token {at + 1}
      </caption>
      <thead>
        <tr>
          <th scope="col">rank</th>
          <th scope="col">token</th>
          <th scope="col">probability</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((choice) => (
          <tr key={choice.id} aria-current={choice.id === token.id ? 'true' : undefined}>
            <td className="numeric">{before.choices.indexOf(choice) + 1}</td>
            <td>
              <code>{shown(decode(choice.id))}</code>
            </td>
            <td className="numeric">
              <meter min={0} max={1} value={choice.probability} aria-hidden="true" /> {percent(choice.probability)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
