// What is on show: every exhibit of the registry with runs that show each of its views, so that one rule can be held against all of them.
// Nothing here is listed by hand: scripts/list-exhibits.mjs writes it before the tests are read.

import { readFileSync } from 'node:fs';

interface ShownView {
  title: string;
  isStill: boolean;
  hasStudy: boolean;
}

interface ShownPreset {
  id: string;
  title: string;
  link: string;
  views: readonly ShownView[];
}

interface ShownExhibit {
  id: string;
  title: string;
  views: readonly ShownView[];
  presets: readonly ShownPreset[];
  /** Presets that show all views, each with those that none before it shows. */
  runs: readonly ShownPreset[];
}

export interface Exhibit {
  /** Mechanism id. */
  name: string;
  /** Opens paused at the start, on seeded random input. */
  hash: string;
  /** Titles of the views that this run has a picture for; over its runs, all of an exhibit's. */
  views: readonly string[];
}

/** Every exhibit of the registry. */
export const SHOWN = JSON.parse(readFileSync('test-results/exhibits.json', 'utf8')) as readonly ShownExhibit[];

const exhibitOf = (name: string, { link, views }: ShownPreset): Exhibit => ({
  name,
  // A seed that no recording is shipped of: the first picture is the live one, and no other takes its place.
  hash: `#${link}&seed=2&tick=0`,
  views: views.map(({ title }) => title),
});

export const EXHIBITS: readonly Exhibit[] = SHOWN.flatMap(({ id, runs }) => runs.map((run) => exhibitOf(id, run)));

/** One run per exhibit: the one that shows the most. */
export const FIRST_RUNS: readonly Exhibit[] = SHOWN.map(({ id, runs }) => exhibitOf(id, runs[0]!));

const titlesOf = (which: (view: ShownView) => boolean) =>
  new Set(SHOWN.flatMap(({ views }) => views.filter(which).map(({ title }) => title)));

/** Views whose picture does not follow the cursor. */
export const STILL = titlesOf(({ isStill }) => isStill);

/** Views that run the device by themselves, once they are on the stage. */
export const STUDIES = titlesOf(({ hasStudy }) => hasStudy);

const COPY = '#v=1&m=selective-scan&k=sequential&in=random&tick=0&task=selective-copy';

/** Selective copying in two sequences. */
export const SELECTIVE_COPY = `${COPY}&batch=2&dim=6&dstate=3&seqlen=24&time=8&channels=8`;
