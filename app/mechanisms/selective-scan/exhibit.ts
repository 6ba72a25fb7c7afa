// The exhibit of the selective scan.

import { selectiveScan } from '#gpu/mechanisms/selective-scan/selective-scan.ts';
import { describeExhibit } from '../../exhibit/describe.ts';
import { scanTerms } from '../../glossary/terms/scans.ts';
import { source } from '../../pictures/source/source.tsx';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { traffic } from '../../pictures/traffic/traffic.ts';
import { scanLabels, traps } from './controls.ts';
import { fusingRemark } from './fusing.ts';
import { scanExtents } from './scan-run.ts';
import { scanFinding, scanPurpose } from './story.ts';
import { trapStory } from './trap-story.ts';
import { variantTitles } from './variant-titles.ts';
import { accuracy } from './views/accuracy.ts';
import { carry } from './views/carry.ts';
import { scanTree } from './views/scan-tree.ts';
import { state } from './views/state.ts';
import { tokens } from './views/tokens.ts';

const memory = traffic({
  about: 'Fused, a state never leaves the registers; unfused, Ā, B̄u and h each go through HBM.',
});

export const selectiveScanExhibit = describeExhibit({
  terms: [scanTerms],
  mechanism: selectiveScan,
  views: [state, memory, tokens, scanTree, carry, accuracy, timeline(), source()],
  tensors: {
    product: { letter: 'P', tone: 'fixed', pattern: 'cross', title: 'running product of Ā' },
    gain: { letter: 'φ', tone: 'fixed', pattern: 'dots', title: 'factor of the zero-order hold' },
    gate: { letter: 'g', tone: 'weight', pattern: 'dots', title: 'gated mean of theorem 1' },
    u: { letter: 'u', tone: 'signal', pattern: 'solid' },
    delta: { letter: 'Δ', tone: 'statistic', pattern: 'hatch', title: 'step size' },
    z: { letter: 'z', tone: 'weight', pattern: 'dots' },
    bc: { letter: 'BC', tone: 'key', pattern: 'hatch', title: 'input and output maps' },
    B: { letter: 'B', tone: 'key', pattern: 'hatch', title: 'input map: what is written' },
    C: { letter: 'C', tone: 'content', pattern: 'dots', title: 'output map: what is read' },
    weights: { letter: 'A', tone: 'fixed', pattern: 'solid' },
    out: { letter: 'y', tone: 'output', pattern: 'solid' },
    last_state: { letter: 'h', tone: 'inner', pattern: 'cross', title: 'last state' },
    states: { letter: 'h', tone: 'inner', pattern: 'cross' },
    a_bar: { letter: 'Ā', tone: 'statistic', pattern: 'dots', title: 'what is kept, Ā' },
    b_bar_u: { letter: 'B̄u', tone: 'key', pattern: 'cross', title: 'what is written, B̄u' },
    carry: { letter: 'S', tone: 'inner', pattern: 'hatch', title: 'state of a chunk, then carried state' },
    spans: { letter: 'ΣΔ', tone: 'statistic', pattern: 'cross', title: 'sum of Δ over a chunk' },
    pairs: { letter: '∘', tone: 'inner', pattern: 'dots', title: 'pairs (a, b) of the parallel scan' },
    rate: { letter: 'A', tone: 'fixed', pattern: 'hatch', title: 'A of the channel' },
    b_tile: { letter: 'B', tone: 'key', pattern: 'hatch', title: 'B of the staged steps' },
    c_tile: { letter: 'C', tone: 'content', pattern: 'dots', title: 'C of the staged steps' },
  },
  otherTensors: { look: { pattern: 'solid' } },
  variants: variantTitles,
  controls: scanLabels,
  moreControls: traps,
  welcome: async () => ({
    caption:
      'A scan reads tokens one after the other and keeps what it needs in a state of fixed size. Every column is one step: what came in, how far the state opened for it (Δ), and what the state holds then.',
    offers: [
      { label: 'The same as a tree, in parallel', variant: 'blelloch', view: 'tree' },
      { label: 'In chunks, with a carry', variant: 'chunked', view: 'carry' },
      {
        label: 'Memory against length',
        mechanism: 'mamba-block',
        variant: 'fused',
        input: 'random',
        anew: true,
        view: 'growth',
      },
    ],
  }),
  extents: scanExtents,
  reads: {
    file: { seeded: ['task'] },
    sentence: {
      by: 'mechanism',
      hint: 'The words are a stream. Mark those to remember with a *, as in “the *cat sat on the *mat” (without a mark: words of six letters and more). The stream ends by asking for them in order: 1? 2? …',
    },
  },
  purpose: scanPurpose,
  beside: ({ variant }) => [variant === 'unfused' ? 'sequential' : 'unfused'],
  finding: scanFinding,
  ownStory: trapStory,
  remark: fusingRemark,
});
