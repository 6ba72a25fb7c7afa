// The stack as a list: every part with its settings; blocks can be added, removed, doubled and moved, by buttons, keys and by dragging.

import { useId, useState } from 'react';
import { blockKinds } from '#gpu/model/blocks.ts';
import { readoutKinds, tokenKinds } from '#gpu/model/ends.ts';
import type { PartKind } from '#gpu/model/part.ts';
import type { PartConfig } from '#gpu/model/stack/config.ts';
import type { RawStack } from '../state/stores/model-store.ts';
import { fieldsOf, type PartField } from './part-fields.ts';

export interface StackEditorProps {
  stack: RawStack;
  /** @param field names what is changed: one gesture is one step of undo */
  onChange(stack: RawStack, field: string): void;
  /** What is wrong with the stack: the field behind its part's place. */
  problem: { field: string | undefined; message: string } | null;
  /** The part that is looked at. */
  picked: string | null;
  onPick(place: string): void;
}

/** The smallest that a new block of a kind can be, of the settings that have no default. */
function newBlock(kind: PartKind, { width }: RawStack): PartConfig {
  const needed = fieldsOf(kind).filter(
    ({ type, usual, key }) => type === 'number' && usual === undefined && SIZES[key],
  );
  return { kind: kind.kind, ...Object.fromEntries(needed.map(({ key }) => [key, SIZES[key]!(width)])) };
}
const SIZES: Record<string, (width: number) => number> = {
  heads: (width) => [4, 2].find((heads) => width % heads === 0) ?? 1,
  hidden: (width) => 4 * width,
  inner: (width) => 2 * width,
  states: () => 16,
  experts: () => 4,
  topK: () => 2,
};

const moved = <T,>(list: readonly T[], from: number, to: number): T[] => {
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), list[from]!, ...rest.slice(to)];
};

export function StackEditor({ stack, onChange, problem, picked, onPick }: StackEditorProps) {
  const [dragged, setDragged] = useState<number | null>(null);
  const { blocks } = stack;
  const setBlocks = (next: PartConfig[], field: string) => onChange({ ...stack, blocks: next }, field);
  const part = (
    place: string,
    config: PartConfig,
    kinds: ReadonlyMap<string, PartKind>,
    set: (config: PartConfig, field: string) => void,
  ) => (
    <Part
      place={place}
      config={config}
      kinds={kinds}
      problem={problem?.field?.startsWith(`${place}.`) ? problem.message : null}
      wrong={problem?.field?.startsWith(`${place}.`) ? problem.field.slice(place.length + 1) : null}
      isPicked={picked === place}
      onPick={() => onPick(place)}
      onSet={set}
    />
  );
  return (
    <section className="stack-editor" aria-label="Stack">
      <div className="stack-globals">
        <NumberField
          label="width"
          value={stack.width}
          least={1}
          most={1024}
          onSet={(width = 1) => onChange({ ...stack, width }, 'width')}
        />
        <NumberField
          label="most tokens"
          value={stack.context}
          least={1}
          most={4096}
          onSet={(context = 1) => onChange({ ...stack, context }, 'context')}
        />
        <label className="stack-field">
          <span>positions</span>
          <select
            className="select"
            value={stack.positions.kind}
            onChange={({ target }) => onChange({ ...stack, positions: { kind: target.value } }, 'positions')}
          >
            {['none', 'learned', 'sinusoidal', 'rope'].map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </select>
        </label>
      </div>
      {part('tokens', stack.tokens, tokenKinds, (tokens, field) => onChange({ ...stack, tokens }, field))}
      <ol className="stack-blocks">
        {blocks.map((block, index) => {
          const place = `blocks.${index}`;
          const replace = (config: PartConfig, field: string) =>
            setBlocks(
              blocks.map((each, at) => (at === index ? config : each)),
              field,
            );
          const move = (to: number) => {
            if (to < 0 || to >= blocks.length) return;
            setBlocks(moved(blocks, index, to), 'order');
            onPick(`blocks.${to}`);
          };
          return (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no name but their place
              key={index}
              className={dragged === index ? 'dragged' : undefined}
              onDragOver={(event) => dragged !== null && event.preventDefault()}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged !== null) setBlocks(moved(blocks, dragged, index), 'order');
                setDragged(null);
              }}
            >
              {part(place, block, blockKinds, replace)}
              <span className="stack-tools" role="toolbar" aria-label={`Block ${index + 1}`}>
                <button
                  type="button"
                  className="button bare small grip"
                  draggable
                  aria-label={`Move block ${index + 1}: arrows up and down`}
                  onDragStart={() => setDragged(index)}
                  onDragEnd={() => setDragged(null)}
                  onKeyDown={(event) => {
                    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
                    if (by === undefined) return;
                    event.preventDefault();
                    move(index + by);
                  }}
                >
                  ⠿
                </button>
                <button
                  type="button"
                  className="button bare small"
                  aria-label={`Move block ${index + 1} up`}
                  disabled={index === 0}
                  onClick={() => move(index - 1)}
                >
                  ↑
                </button>
                <button
                  type="button"
                  className="button bare small"
                  aria-label={`Move block ${index + 1} down`}
                  disabled={index === blocks.length - 1}
                  onClick={() => move(index + 1)}
                >
                  ↓
                </button>
                <button
                  type="button"
                  className="button bare small"
                  aria-label={`Double block ${index + 1}`}
                  onClick={() =>
                    setBlocks([...blocks.slice(0, index + 1), block, ...blocks.slice(index + 1)], 'double')
                  }
                >
                  2×
                </button>
                <button
                  type="button"
                  className="button bare small"
                  aria-label={`Remove block ${index + 1}`}
                  onClick={() =>
                    setBlocks(
                      blocks.filter((_, at) => at !== index),
                      'remove',
                    )
                  }
                >
                  ✕
                </button>
              </span>
            </li>
          );
        })}
      </ol>
      <div className="stack-add" role="toolbar" aria-label="Add a block">
        {[...blockKinds.values()].map((kind) => (
          <button
            key={kind.kind}
            type="button"
            className="button small"
            title={kind.summary}
            onClick={() => setBlocks([...blocks, newBlock(kind, stack)], 'add')}
          >
            + {kind.title}
          </button>
        ))}
      </div>
      {part('readout', stack.readout, readoutKinds, (readout, field) => onChange({ ...stack, readout }, field))}
      {problem && !/^(tokens|readout|blocks\.)/.test(problem.field ?? '') && (
        <p className="problem" role="alert">
          {problem.message}
        </p>
      )}
    </section>
  );
}

interface PartProps {
  place: string;
  config: PartConfig;
  kinds: ReadonlyMap<string, PartKind>;
  problem: string | null;
  wrong: string | null;
  isPicked: boolean;
  onPick(): void;
  onSet(config: PartConfig, field: string): void;
}

/** Closed: what it is. Open: its settings. */
function Part({ place, config, kinds, problem, wrong, isPicked, onPick, onSet }: PartProps) {
  const kind = kinds.get(config.kind);
  const set = (key: string, value: unknown) => onSet({ ...config, [key]: value }, `${place}.${key}`);
  const words = kind
    ? fieldsOf(kind).flatMap(({ key, type, label }) =>
        type === 'number' && config[key] !== undefined ? [`${label} ${config[key]}`] : [],
      )
    : [];
  return (
    <details
      className={isPicked ? 'stack-part picked' : 'stack-part'}
      data-place={place}
      open={problem ? true : undefined}
      onToggle={({ currentTarget }) => currentTarget.open && onPick()}
    >
      <summary>
        <strong>{kind?.title ?? config.kind}</strong> <span className="quiet">{words.join(', ')}</span>
      </summary>
      <div className="stack-fields">
        {kinds.size > 1 && (
          <label className="stack-field">
            <span>kind</span>
            <select
              className="select"
              value={config.kind}
              onChange={({ target }) => {
                const next = kinds.get(target.value)!;
                const kept = Object.fromEntries(
                  fieldsOf(next).flatMap(({ key }) => (config[key] === undefined ? [] : [[key, config[key]]])),
                );
                onSet({ ...kept, kind: next.kind }, `${place}.kind`);
              }}
            >
              {[...kinds.values()].map((each) => (
                <option key={each.kind} value={each.kind}>
                  {each.title}
                </option>
              ))}
            </select>
          </label>
        )}
        {kind &&
          fieldsOf(kind).map((field) => (
            <Field
              key={field.key}
              field={field}
              value={config[field.key]}
              isWrong={wrong === field.key}
              onSet={(value) => set(field.key, value)}
            />
          ))}
      </div>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </details>
  );
}

function Field({
  field,
  value,
  isWrong,
  onSet,
}: {
  field: PartField;
  value: unknown;
  isWrong: boolean;
  onSet(value: unknown): void;
}) {
  const { label, type, usual, choices = [], least, most } = field;
  if (type === 'number')
    return (
      <NumberField
        label={label}
        value={(value ?? usual) as number | undefined}
        least={least}
        most={most}
        isWrong={isWrong}
        onSet={onSet}
      />
    );
  if (type === 'switch')
    return (
      <label className="stack-field">
        <span>{label}</span>
        <input
          type="checkbox"
          className="check"
          checked={Boolean(value ?? usual)}
          onChange={({ target }) => onSet(target.checked)}
        />
      </label>
    );
  return (
    <label className="stack-field">
      <span>{label}</span>
      <select className="select" value={String(value ?? usual)} onChange={({ target }) => onSet(target.value)}>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    </label>
  );
}

interface NumberFieldProps {
  label: string;
  value: number | undefined;
  least?: number | undefined;
  most?: number | undefined;
  isWrong?: boolean;
  onSet(value: number | undefined): void;
}

/** What is typed stays as it is typed; a number is taken, an empty field leaves the setting to its default. */
export function NumberField({ label, value, least, most, isWrong = false, onSet }: NumberFieldProps) {
  const id = useId();
  return (
    <label className="stack-field" htmlFor={id}>
      <span>{label}</span>
      <input
        id={id}
        className="field numeric"
        type="number"
        value={value ?? ''}
        min={least}
        max={most}
        step="any"
        placeholder="auto"
        aria-invalid={isWrong}
        onChange={({ target }) => {
          if (target.value === '') onSet(undefined);
          else if (Number.isFinite(target.valueAsNumber)) onSet(target.valueAsNumber);
        }}
      />
    </label>
  );
}
