// Technical words and their cards. A word means what the exhibit on the stage means by it, so terms come in sets: the general ones, which
// every page has, and those that an exhibit brings.

/** One path of a picture: drawn as a line, filled in a tensor's colour, or filled softly as what lies around it. */
export interface PicturePart {
  d: string;
  tone: 'line' | 'dash' | 'soft' | 'q' | 'k' | 'v' | 's' | 'o' | 'accent';
}

export interface TermEntry {
  title: string;
  /** One sentence. */
  text: string;
  /** The idea, 48 × 32. */
  picture: readonly PicturePart[];
  /** Id of the view whose table counts it, with the words of the link; left out where the exhibit has no such view. */
  view?: { id: string; words: string };
  /** The line that does it: the first that matches, in the first kernel on screen that has one, edited or not. */
  source?: RegExp;
}

export interface TermSet {
  /** Whose words they are: 'Attention'. */
  title: string;
  ids: readonly string[];
  /** Words of plain sentences that open a card, as patterns; longer ones first, since the first that fits wins. */
  words: readonly (readonly [pattern: string, id: string])[];
  /** The entry of every id; asked for when the first card opens. */
  load(): Promise<Readonly<Record<string, TermEntry>>>;
}
