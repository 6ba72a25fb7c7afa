// The picture file of a view: its own drawing on a sheet that says what ran, how, and where. No date: the same run gives the same file.

import type { Card } from '#gpu/mechanisms/mechanism.ts';
import { pictureWidth, sheetOf } from '../../exhibit/picture-sheet.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { LegendEntry, MechanismView, ViewSpec, ViewState } from '../../exhibit/view.ts';
import { cutParts } from '../../exhibit/what-was-cut.ts';

export interface PictureSurroundings {
  card: Pick<Card, 'title' | 'variants'> | undefined;
  exhibit: Pick<MechanismView, 'controls'> | undefined;
  link: string;
  size: { width: number; height: number };
  inkOf(token: string): string;
}

/** @param states one per picture, side by side. @throws Error where the view has none */
export async function pictureOf(
  view: ViewSpec,
  states: readonly ViewState[],
  { card, exhibit, link, size, inkOf }: PictureSurroundings,
): Promise<string> {
  if (!view.svg) throw new Error('This view has no picture to save.');
  const titleOf = ({ variant }: Recording) => card?.variants.find(({ id }) => id === variant)?.title ?? variant;
  const room = { width: pictureWidth(size.width, states.length), height: size.height };
  const pictures = [];
  for (const state of states) {
    const caption = states.length > 1 ? titleOf(state.recording) : null;
    pictures.push({ caption, svg: await view.svg(state, room, inkOf) });
  }
  const first = states[0]!;
  const legend = new Map<string, LegendEntry>();
  // Counts belong to one picture; beside another they would be read as both. What looks and reads the same is one entry.
  for (const state of states)
    for (const { count, ...entry } of view.legend?.(state) ?? [])
      legend.set(
        `${entry.letter ?? entry.id} ${entry.words}`,
        states.length > 1 || count === undefined ? entry : { ...entry, count },
      );
  const names = states.map(({ recording }) => titleOf(recording)).join(' beside ');
  const place = view.table(first).caption;
  return sheetOf(
    {
      title: `${card?.title ?? first.recording.mechanism}, ${view.title.toLowerCase()}: ${names}`,
      facts: [sizesOf(first.recording, exhibit), `${place ? `${place}. ` : ''}${view.summary(first)}`],
      pictures,
      legend: [...legend.values()],
      provenance: states.map(({ recording }) =>
        states.length > 1 ? `${titleOf(recording)}: ${provenanceOf(recording)}` : provenanceOf(recording),
      ),
      link,
    },
    size.width,
    inkOf,
  );
}

/** 'Queries 64 · Keys 64 · Heads 4 …', in the words of the set-up panel, with the values the run had. */
function sizesOf({ config, variant }: Recording, exhibit: PictureSurroundings['exhibit']): string {
  const named = (exhibit?.controls ?? []).flatMap(({ id, label, appliesTo }) => {
    const value = config[id];
    if (appliesTo && !appliesTo(variant, 'random')) return [];
    if (typeof value === 'boolean') return value ? [label] : [];
    return typeof value === 'number' || typeof value === 'string' ? [`${label} ${value}`] : [];
  });
  return named.join(' · ');
}

/** Where the counts of the picture come from. */
export function provenanceOf({ device, edited, trace }: Recording): string {
  const origin = { 'this-device': 'Recorded', shipped: 'Shipped recording, made', file: 'From a file, recorded' };
  const parts = [`${origin[device.origin]} on ${device.label}; bytes and steps are counted, not estimated.`];
  if (edited.length > 0) parts.push(`Edited: ${edited.join(', ')}.`);
  if (trace.truncated) parts.push(`Truncated: ${cutParts(trace)}; totals are whole.`);
  if (!trace.matchesPlain) parts.push('The recorded output differs from the plain run’s.');
  return parts.join(' ');
}
