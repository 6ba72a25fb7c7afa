// What is on screen: the experiment and the arrangement of the page. Plain data; the link carries exactly this.

/** A value of a mechanism's config key. Lists hold a painted mask, row-major; records a kernel's constants. */
export type ConfigValue = number | string | boolean | readonly number[] | Readonly<Record<string, number>>;

export type InputKind = 'sentence' | 'random' | 'file';

/** Everything that decides the numbers of a run. Undo and redo step through these. */
export interface Experiment {
  mechanism: string;
  variant: string;
  /** Second variant shown beside the first, on the same input; null = none. */
  compare: string | null;
  /** Config keys that differ from the mechanism's own defaults. */
  config: Readonly<Record<string, ConfigValue>>;
  input: InputKind;
  /** The sentence; kept while another input is chosen. */
  text: string;
  /** Seed of random inputs, 0 … 2³² − 1. */
  seed: number;
  /** Kernel file → edited source that replaces it. */
  sources: Readonly<Record<string, string>>;
}

/** Sizes of the resizable panes, per cent of their row or column; 0 = collapsed. */
export interface Panes {
  setup: number;
  side: number;
  numbers: number;
  below: number;
}

/** True if both run the same thing, whatever is compared with it. */
export function runsTheSame(
  { compare: _one, ...own }: Experiment,
  { compare: _other, ...others }: Experiment,
): boolean {
  return JSON.stringify(own) === JSON.stringify(others);
}

/** Of the steps in playback: as the device ran them, or one workgroup after the other, which is the same in every run. */
export const STEP_ORDERS = ['recorded', 'workgroup'] as const;
export type StepOrder = (typeof STEP_ORDERS)[number];

export interface Arrangement {
  /** Id of the view on the stage; '' = the mechanism's first. */
  view: string;
  /** Id of the second view, below the first; '' = the mechanism's second, 'none' = no second view. */
  below: string;
  /** The view's table instead of its picture. */
  table: boolean;
  /** Id of what the cells of the main picture are filled with, where it offers a choice; absent or '' = its first. */
  fill?: string;
  panes: Panes;
  /** Presentation mode: the stage alone, larger. */
  present: boolean;
  /** Order of the steps in playback; absent = as recorded. */
  order?: StepOrder;
}

/**
 * The page that an empty link opens. Frozen with link version 3: defaults are omitted from links, so changing one here would change
 * what old links mean. A new default needs a new link version whose migration writes the old value out. The sentence is long enough that
 * two tiles of queries move less than standard attention does, and its tiles follow its length.
 */
export const DEFAULT_EXPERIMENT: Experiment = {
  mechanism: 'attention',
  variant: 'flash-v2',
  compare: null,
  config: { heads: 1 },
  input: 'sentence',
  text: 'The animal did not cross the street because it was too tired to walk so it lay down in the shade of an old tree and did not stand up until the sun went down and the night was cool',
  seed: 1,
  sources: {},
};

export const DEFAULT_ARRANGEMENT: Arrangement = {
  view: '',
  below: '',
  table: false,
  panes: { setup: 17, side: 31, numbers: 44, below: 0 },
  present: false,
};

export const orderOf = ({ order = 'recorded' }: Pick<Arrangement, 'order'>): StepOrder => order;

/** Longest sentence a link or the input box takes, UTF-16 units. The encoder has its own limit in tokens. */
export const MAX_TEXT_LENGTH = 20_000;
/** Longest edited kernel a link carries, UTF-16 units. */
export const MAX_SOURCE_LENGTH = 100_000;
/** And lines: each is a row of several panes. Ten times the longest kernel here. */
export const MAX_SOURCE_LINES = 2000;
export const MAX_SEED = 2 ** 32 - 1;

/** Panes are kept to a tenth of a per cent, so that links stay short. */
export const roundPane = (percent: number): number => Math.round(percent * 10) / 10;
