// An exhibit from its description: what the shell asks of every exhibit is made here from names, looks, labels and pictures.

import type { Sliced } from '#gpu/core/sliced.ts';
import type { Card, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { onChip } from '../words/numbers.ts';
import { bytesText } from '../words/quantities.ts';
import { titlesOf } from '../words/step-words.ts';
import type { Control } from './control.ts';
import type { ControlSpec } from './described-controls.ts';
import { besideText, hbmBytes } from './moved-bytes.ts';
import { type Look, type LookSpec, looksOf, type Names, toLook } from './names.ts';
import type { LaterPicture, Picture } from './picture.ts';
import { viewOf } from './picture-view.tsx';
import type { Recording } from './recording.ts';
import type { AnyView, ExhibitEntry, MechanismView } from './view.ts';
import { cutSentence } from './what-was-cut.ts';

interface ExhibitParts extends Pick<MechanismView, 'follow' | 'extents' | 'terms' | 'reads' | 'remedy' | 'welcome'> {
  mechanism: Pick<Mechanism, 'id' | 'steps' | 'description'> & Pick<Card, 'variants'>;
  /** In the order of their tabs. A view that is no picture of values is the page's own. */
  views: readonly (Picture | LaterPicture | AnyView)[];
  /** Looks of tensors, workgroup arrays and recorded values, by name. */
  tensors: Readonly<Record<string, LookSpec>>;
  /** Look of what has none, and the tensor that a name stands for. */
  otherTensors?: { look?: Partial<LookSpec> | ((name: string) => Partial<LookSpec>); stemOf?(name: string): string };
  /** Short names of variants; those of the mechanism where absent. */
  variants?: Readonly<Record<string, string>>;
  /** Of sizes and options of the mechanism, in the order of the panel. */
  controls: Readonly<Record<string, ControlSpec>>;
  /** What no size or option says: derived settings. After the others. Their code may come later, where it asks the mechanism's. */
  moreControls?: readonly Control[] | (() => Promise<readonly Control[]>);
  remark?(run: Recording, others: readonly Recording[]): string | null;
  prepare?(run: Recording): Sliced<void>;
}

/** The story of a run, from its parts. */
interface Told {
  /** 'To scan 64 time steps of 8 channels,': the story goes on with what that moved. */
  purpose(run: Recording): string;
  /** Variants that the story measures the moved bytes against, if they ran; absent: against none. */
  beside?(run: Recording): readonly string[];
  /** What is to be said of the run after that, in one sentence. */
  finding?(run: Recording, others: readonly Recording[]): string | null;
  /** The whole story, where a run has another one: what a numerical trap did. At most two sentences. */
  ownStory?(run: Recording, others: readonly Recording[]): string | null;
}

/** The story comes from its parts, or is the exhibit's own where it goes by more than they do. */
export type ExhibitSpec = ExhibitParts & (Told | { story: MechanismView['story'] });

const DIFFERS = 'The recorded run’s output differs from the plain run’s.';

function storyOf(spec: Told | { story: MechanismView['story'] }, names: Names): MechanismView['story'] {
  if ('story' in spec) return spec.story;
  return (run, others) => {
    const { trace, edited } = run;
    const own = edited.length === 0 && trace.matchesPlain ? spec.ownStory?.(run, others) : null;
    if (own) return own;
    const what = `${spec.purpose(run)} ${edited.length > 0 ? 'this edited run' : 'this run'}`;
    const beside = spec.beside ? besideText(run, others, names.variants, spec.beside(run)) : '';
    const moved = `${what} moved ${bytesText(hbmBytes(run))} between HBM and ${onChip(trace)}${beside}.`;
    const found = trace.matchesPlain ? spec.finding?.(run, others) : DIFFERS;
    const more = found ?? cutSentence(trace);
    return more ? `${moved} ${more}` : moved;
  };
}

function isPicture(view: Picture | LaterPicture | AnyView): view is Picture {
  return 'scene' in view;
}

function shownView(view: Picture | LaterPicture | AnyView, names: Names): AnyView {
  if (isPicture(view)) return viewOf(view, names);
  if (!('load' in view)) return view;
  return {
    ...view,
    load: async () => {
      const loaded = await view.load();
      return 'scene' in loaded ? viewOf(loaded, names) : loaded;
    },
  };
}

export function describeExhibit(spec: ExhibitSpec): ExhibitEntry {
  const { mechanism } = spec;
  const { description = { sizes: {}, options: {} } } = mechanism;
  const titled = Object.entries(spec.tensors).map(([name, look]): [string, Look] => [
    name,
    toLook({ title: mechanism.description?.tensors[name]?.title, ...look }, name),
  ]);
  const tensors = Object.fromEntries(titled);
  const names: Names = {
    lookOf: looksOf(tensors, spec.otherTensors?.look, spec.otherTensors?.stemOf),
    steps: titlesOf(mechanism.steps),
    variants: spec.variants ?? Object.fromEntries(mechanism.variants.map(({ id, title }) => [id, title])),
    extents: spec.extents,
  };
  const { follow, extents, prepare, remark, terms, reads, remedy, welcome, moreControls = [] } = spec;
  return {
    id: mechanism.id,
    tensors,
    follow,
    extents,
    prepare,
    remark,
    terms,
    reads,
    remedy,
    welcome,
    views: spec.views.map((view) => shownView(view, names)),
    // Not in the way of the first picture.
    async controls() {
      const { describedControls } = await import('./described-controls.ts');
      const more = typeof moreControls === 'function' ? await moreControls() : moreControls;
      return [...describedControls(description, spec.controls), ...more];
    },
    story: storyOf(spec, names),
  };
}
