// What is on show: every exhibit with a run for each of its views, so that one rule can be held against all of them. Sizes are small:
// a software adapter records each within a second or two.

export interface Exhibit {
  /** Mechanism id. */
  name: string;
  /** Opens paused at the start, on seeded random input. */
  hash: string;
  /** Titles of the views that this run has a picture for; over its runs, all of an exhibit's. */
  views: readonly string[];
}

const SCAN = '#v=1&m=selective-scan&in=random&tick=0&batch=1&dim=4&dstate=4&seqlen=24&time=8&channels=4';
const COPY = '#v=1&m=selective-scan&k=sequential&in=random&tick=0&task=selective-copy';

/** Selective copying in two sequences. */
export const SELECTIVE_COPY = `${COPY}&batch=2&dim=6&dstate=3&seqlen=24&time=8&channels=8`;

export const EXHIBITS: readonly Exhibit[] = [
  { name: 'attention', hash: '#v=1&in=random&tick=0', views: ['Tiling', 'Scores', 'Memory', 'Reuse', 'Timeline'] },
  { name: 'selective-scan', hash: SELECTIVE_COPY, views: ['State', 'Memory', 'Tokens', 'Accuracy', 'Timeline'] },
  { name: 'selective-scan', hash: `${SCAN}&k=blelloch&scan=16`, views: ['State', 'Tree'] },
  { name: 'selective-scan', hash: `${SCAN}&k=chunked&chunk=8`, views: ['State', 'Carry'] },
  {
    name: 'ssd',
    hash: '#v=1&m=ssd&k=chunked&in=random&tick=0&batch=1&chunk=8&dstate=4&headDim=4&heads=2&seqlen=24',
    views: ['Chunks', 'Decay', 'Memory', 'Timeline'],
  },
  {
    name: 'mamba-block',
    hash: '#v=1&m=mamba-block&k=fused&in=random&tick=0&batch=2&channels=8&deltaRank=1&dim=10&dstate=1&outDim=8&seqlen=24&task=induction&time=8&width=2',
    views: ['State', 'Memory', 'Accuracy', 'Timeline'],
  },
];

/** Views whose picture does not follow the cursor. */
export const STILL = new Set(['Accuracy']);

/** Views that have a spec of their own, since they run the device for many seconds: growth.spec.ts. */
export const ELSEWHERE = new Set(['Memory against length']);

/** One run per exhibit: its first. */
export const FIRST_RUNS = EXHIBITS.filter(({ name }, i) => EXHIBITS.findIndex((each) => each.name === name) === i);
