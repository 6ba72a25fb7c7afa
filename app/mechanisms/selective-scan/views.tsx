// The views of strips: state over time, what every token does, and what crosses chunk borders.

import type { Names } from '../../exhibit/names.ts';
import { viewOf } from '../../exhibit/picture-view.tsx';
import type { ViewProps } from '../../exhibit/view.ts';
import { pickedChannel } from '../../pictures/strips/picked-channel.ts';
import { StripPicture, type StripViewParts, stepsText, stripView } from '../../pictures/strips/strip-view.tsx';
import { traffic } from '../../pictures/traffic/traffic.ts';
import { exactText, plural, valueText } from '../../words/quantities.ts';
import { carryScene, chunksOf } from './carry-scene.ts';
import { stateScene } from './state-scene.ts';
import { stepTitles } from './step-titles.ts';
import { lookOf } from './tensors.ts';
import { tokenScene } from './token-scene.ts';
import { variantTitles } from './variant-titles.ts';

const reachedText = (current: number | null, columns: number) =>
  current === null ? `none of ${stepsText(columns)} reached` : `time step ${current} reached, of 0 to ${columns - 1}`;

const stateParts: StripViewParts = {
  id: 'state',
  title: 'State',
  about:
    'One channel: its states h (a row each) over time, as the kernel had them in its registers when a time step was done; below, its step size Δ and its output. Blue is negative, orange positive, hatched is what has not happened yet, crossed out is NaN or ∞. A trap that divides by the running product P of all Ā shows how small P has become, one in the hold its factor φ = (eˣ − 1) / x; theorem 1’s gated mean stands under the output it should be.',
  scene: stateScene,
  titles: stepTitles,
  column: 'time step',
  timeOf: (_recording, column) => column,
  words({ recording, tick, selection }, { current, columns, strips }) {
    const { channel } = pickedChannel(recording, selection, tick);
    const lost = strips[0]!.values.filter((value) => value === Number.POSITIVE_INFINITY).length;
    const most = strips[0]!.most.toPrecision(3);
    if (strips[0]!.most === 0 && recording.kernels.some(({ file }) => file === 'sequential-x4.wgsl')) {
      return `Channel ${channel}: ${reachedText(current, columns)}. This variant keeps states of four channels in matrices, which are not probed.`;
    }
    return `Channel ${channel}: ${reachedText(current, columns)}; largest state of the run ${most}${lost > 0 ? `; ${exactText(lost)} values so far are no numbers` : ''}.`;
  },
};

const StatePicture = (props: ViewProps) => <StripPicture {...props} parts={stateParts} />;

export const stateView = stripView(stateParts, StatePicture);

const tokenParts: StripViewParts = {
  id: 'tokens',
  title: 'Tokens',
  about:
    'What every token does to one channel. Δ, as recorded, opens the state or keeps it shut: Ā = exp(ΔA) says how much of each state is kept (1: all, 0: forgotten), B what is written, C what is read. In S4 mode Δ, B and C are the same for every token.',
  scene: tokenScene,
  titles: stepTitles,
  column: 'time step',
  timeOf: (_recording, column) => column,
  words({ recording, tick, selection }, { current, columns, strips }) {
    const { channel } = pickedChannel(recording, selection, tick);
    const seen = strips[1]!.values.filter((value) => !Number.isNaN(value));
    const [least, most] = [Math.min(...seen), Math.max(...seen)].map((value) => valueText(value));
    const range =
      seen.length === 0
        ? ''
        : least === most
          ? ` Δ is ${least} at every step so far.`
          : ` Δ lies between ${least} and ${most} so far.`;
    return `Channel ${channel}: ${reachedText(current, columns)}.${range}`;
  },
};

const TokenPicture = (props: ViewProps) => <StripPicture {...props} parts={tokenParts} />;

export const tokenView = stripView(tokenParts, TokenPicture);

const carryParts: StripViewParts = {
  id: 'carry',
  title: 'Carry',
  about:
    'What crosses the borders of the chunks, for one channel. First the state that every chunk ends with when it starts from zero; then the state carried out of it; last the state that the chunk really started from. Each column of the last row must equal the column before it of the middle row.',
  scene: carryScene,
  titles: stepTitles,
  column: 'chunk',
  timeOf: (recording, column) => column * Number(recording.config.chunk),
  nothing: (recording) =>
    chunksOf(recording) === 0
      ? 'Only the chunked variant has chunks: choose it to see the state cross their borders.'
      : null,
  words({ recording, tick, selection }) {
    const { broken, columns } = carryScene(recording, tick, selection);
    if (broken.length === 0)
      return `${plural(columns, 'chunk')}; every one that started took the state that was carried to it.`;
    return `Chunk ${broken.join(', ')} started from another state than the one that was carried out of the chunk before.`;
  },
};

const CarryPicture = (props: ViewProps) => <StripPicture {...props} parts={carryParts} />;

export const carryView = stripView(carryParts, CarryPicture);

export const scanNames: Names = { lookOf, steps: stepTitles, variants: variantTitles };

export const trafficView = viewOf(
  traffic({
    about: 'Fused, a state never leaves the registers; unfused, Ā, B̄u and h each go through HBM.',
  }),
  scanNames,
);
