// The exhibit of state space duality: its views, controls, story and tensor looks, as the shell asks for them.

import { steps } from '#gpu/mechanisms/ssd/steps.ts';
import type { MechanismView, ViewProps } from '../../exhibit/view.ts';
import { sourceViewOf } from '../../pictures/source/source-view.tsx';
import { channelExtents } from '../../pictures/strips/picked-channel.ts';
import { StripPicture, type StripViewParts, stripView } from '../../pictures/strips/strip-view.tsx';
import { TimelinePicture, timelineViewOf } from '../../pictures/timeline/timeline-view.tsx';
import { type TrafficParts, TrafficPicture, trafficViewOf } from '../../pictures/traffic/traffic-view.tsx';
import { exactText, plural, valueText } from '../../words/quantities.ts';
import { titlesOf } from '../../words/step-words.ts';
import { ssdControls } from './controls.ts';
import { decayFacts, decayScene } from './decay-scene.ts';
import { chunkScene, chunksOf, pickedHead } from './scene.ts';
import { ssdStory } from './story.ts';
import { lookOf, tensorLooks } from './tensors.ts';

const titles = titlesOf(steps);

const chunkParts: StripViewParts = {
  id: 'chunks',
  title: 'Chunks',
  about:
    'What crosses the borders of the chunks, for one head: first the state (channels × states, a row each) that every chunk ends with when it starts from zero, then the state carried out of it, with the decay of the whole chunk in between. The quadratic form is a single chunk.',
  scene: chunkScene,
  titles,
  column: 'chunk',
  timeOf: (recording, column) => column * chunksOf(recording).chunk,
  rowsOf: (recording) => ({ count: Number(recording.config.heads), name: 'Head' }),
  words({ recording, selection }, { strips, columns }) {
    const known = strips[1]!.values.filter((value) => !Number.isNaN(value)).length / strips[1]!.rows;
    return `Head ${pickedHead(recording, selection)}: the state was carried over ${known} of ${plural(columns, 'chunk')}; its largest magnitude is ${strips[0]!.most.toPrecision(3)}.`;
  },
};

const decayParts: StripViewParts = {
  id: 'decay',
  title: 'Decay',
  about:
    'Log decays of one head: as given, summed along every chunk as recorded, and how far the decay over one step, as recorded where it is used, is off. Summed step by step it is exact; as a difference of two running sums it loses digits: the larger the sums, the coarser the numbers around them. The mask must come before exp: above the diagonal the same difference is positive, and its exponential overflows.',
  scene: decayScene,
  titles,
  column: 'time step',
  timeOf: (_recording, column) => column,
  rowsOf: (recording) => ({ count: Number(recording.config.heads), name: 'Head' }),
  words({ recording, selection }) {
    const head = pickedHead(recording, selection);
    const { reached, spacing, lost } = decayFacts(recording, head);
    const error = lost === 0 ? 'exact' : `off by up to ${valueText(lost ?? 0)}`;
    const off = lost === null ? '' : `; the decay over one step is ${error}`;
    return `Head ${head}: the running sum reaches −${exactText(Math.round(reached))}, where neighbouring numbers lie ${valueText(spacing)} apart${off}.`;
  },
};

const trafficParts: TrafficParts = {
  titles,
  lookOf,
  variants: { chunked: 'chunked', quadratic: 'quadratic' },
  about:
    'Bytes read and written, by tensor: in HBM (storage buffers, bytes the shader asks for, caches not modelled) and in SRAM (workgroup memory). The bars of this run grow as it plays; dashed outlines are whole runs. The quadratic form compares every token with every earlier one; chunks compare only within themselves and carry a state.',
};

const ChunkPicture = (props: ViewProps) => <StripPicture {...props} parts={chunkParts} />;
const DecayPicture = (props: ViewProps) => <StripPicture {...props} parts={decayParts} />;
const MemoryPicture = (props: ViewProps) => <TrafficPicture {...props} parts={trafficParts} />;
const TitledTimeline = (props: ViewProps) => <TimelinePicture {...props} titles={titles} />;

export const ssdView: MechanismView = {
  id: 'ssd',
  views: [
    stripView(chunkParts, ChunkPicture),
    stripView(decayParts, DecayPicture),
    trafficViewOf(trafficParts, MemoryPicture),
    timelineViewOf(titles, TitledTimeline),
    sourceViewOf(titles),
  ],
  controls: ssdControls,
  extents: channelExtents,
  story: ssdStory,
  tensors: tensorLooks,
};
