// The scan tree as recorded, with its counts beside what the algorithm promises.

import { useMemo } from 'react';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { ChannelPicker } from '../../pictures/strips/ChannelPicker.tsx';
import { channelPlace, pickedChannel } from '../../pictures/strips/picked-channel.ts';
import { ScanTree } from '../../pictures/tree/ScanTree.tsx';
import { drawTree } from '../../pictures/tree/scan-tree.ts';
import { exactText, plural } from '../../words/quantities.ts';
import { stepWordsOf } from '../../words/step-words.ts';
import { stepTitles } from './step-titles.ts';
import { treeScene } from './tree-scene.ts';

const NOTHING = 'Only the parallel variants (Hillis and Steele, Blelloch) combine in a tree: choose one to see it.';

const isParallel = ({ recording }: Pick<ViewState, 'recording'>) => /hillis|blelloch/.test(recording.variant);

function factsWords({ recording, tick, selection }: ViewState): string {
  const { facts, scene } = treeScene(recording, tick, selection);
  const log = Math.log2(scene.lanes);
  const blelloch = recording.variant === 'blelloch';
  const promised = blelloch ? 2 * (scene.lanes - 1) : scene.lanes * log - (scene.lanes - 1);
  const depth = blelloch ? `2 log₂ ${scene.lanes} = ${2 * log}` : `log₂ ${scene.lanes} = ${log}`;
  const here = scene.edges.filter(({ state }) => state !== 'later').length;
  return (
    `Tile ${facts.tile + 1} of ${facts.tiles}, state 0: ${exactText(here)} of ${exactText(promised)} combines (closed form ${blelloch ? '2(n − 1)' : 'n log₂ n − (n − 1)'}), ` +
    `${plural(facts.depth, 'round')} deep (closed form ${depth}). ` +
    `Over all channels, states and tiles ${exactText(facts.combines)} of ${exactText(facts.inAll)}.`
  );
}

function summary(state: ViewState): string {
  if (!isParallel(state)) return NOTHING;
  return `${stepWordsOf(state.recording.trace, state.tick, stepTitles)}. ${factsWords(state)}`;
}

function TreePicture(props: ViewProps) {
  const { recording, tick, selection, onSelect } = props;
  const { scene, facts } = useMemo(() => treeScene(recording, tick, selection), [recording, tick, selection]);
  const picked = pickedChannel(recording, selection, tick);
  if (!isParallel(props)) return <p className="strip-note">{NOTHING}</p>;
  return (
    <div className="strip-view">
      <ChannelPicker recording={recording} picked={picked} onSelect={onSelect} />
      <ScanTree
        scene={scene}
        label={summary(props)}
        status={scene.selectedLane === null ? '' : `Time step ${facts.tile * scene.lanes + scene.selectedLane}`}
        onLane={(lane) => onSelect(channelPlace(recording, { ...picked, time: facts.tile * scene.lanes + lane }))}
      />
    </div>
  );
}

function table({ recording, tick, selection }: ViewState): ViewTable {
  const { scene, facts } = treeScene(recording, tick, selection);
  const first = facts.tile * scene.lanes;
  return {
    columns: [
      { id: 'round', title: 'Round' },
      { id: 'name', title: 'Step' },
      { id: 'left', title: 'Earlier' },
      { id: 'right', title: 'Later' },
      { id: 'state', title: 'Done' },
    ],
    rows: scene.edges.map(({ round, left, right, state }) => [
      round + 1,
      scene.names[round] ?? '',
      first + left,
      first + right,
      state === 'later' ? 'not yet' : 'yes',
    ]),
  };
}

export const treeView: ViewSpec = {
  id: 'tree',
  title: 'Tree',
  about:
    'The parallel scan of one state over one tile: a lane per time step, a row per round. Every edge is a combine that was recorded: it joins the stretch of time that ends at the left lane with the one that ends at the right. Time runs to the right, rounds run down.',
  Component: TreePicture,
  summary,
  table,
  svg(state, { width, height }, inkOf) {
    const pen = new SvgPen(width, height, inkOf);
    drawTree(pen, treeScene(state.recording, state.tick, state.selection).scene);
    return pen.document(summary(state));
  },
};
