// Keeps the address and the page together: the address follows what is on screen, and a hash that comes from outside (pasted, or the
// browser's back button) is opened.

import { cards } from '#gpu/mechanisms/cards.ts';
import type { Page } from '../page-context.ts';
import { tickOf } from '../run/place-cursor.ts';
import { runsTheSame } from '../stores/experiment.ts';
import { GALLERY_HASH, isModelsHash, type LinkState } from '../stores/link-state.ts';
import { tell } from '../stores/notices.ts';
import { encodeLink, linkedMechanism, openLink } from './url-state.ts';

/** Browsers bound how often an address may be replaced; the cursor's every frame need not be there. */
const QUIET_MS = 400;

/** Going back goes through exhibits, kernels and inputs; every slider's value is for undo. */
function chapterOf({ config }: Page): string {
  const { mechanism, variant, compare, input } = config.getState().experiment;
  return JSON.stringify([mechanism, variant, compare, input]);
}

/** The hash that the page itself wrote or opened last, as the browser spells it. Another one has come from outside, and is opened. */
let own = '';

/** Puts a link of the page as it stands into the address bar. */
export function replaceAddress(address: string): void {
  history.replaceState(null, '', address);
  own = location.hash;
}

/**
 * @param linkOf what a link made now carries
 * @param opened the hash that the page shows; another one has come since, and is opened
 */
export function startUrlSync(page: Page, linkOf: (page: Page) => LinkState, opened = location.hash): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  own = opened;
  /** Links that are being read. */
  let opening = 0;
  /** What the present entry of the browser's history shows; another one of these is worth going back from. */
  let entry = chapterOf(page);

  const write = () => {
    timer = undefined;
    // What comes from outside is not written over before it is opened: its event may still wait behind this timer.
    if (opening > 0 || isModelsHash(location.hash) || (location.hash !== own && location.hash !== GALLERY_HASH)) return;
    const hash = encodeLink(linkOf(page));
    const wanted = hash === '' ? '' : `#${hash}`;
    if (wanted === location.hash) return;
    const address = wanted === '' ? location.pathname + location.search : wanted;
    // A new entry of the history first, where this one is worth going back to.
    if (entry !== chapterOf(page)) history.pushState(null, '', address);
    replaceAddress(address);
    entry = chapterOf(page);
  };
  const later = () => {
    timer ??= setTimeout(write, QUIET_MS);
  };
  const unsubscribe = [
    page.config.subscribe(later),
    // While playing the link has no step, so ticks alone change nothing.
    page.cursor.subscribe((state, before) => {
      if (!state.playing || !before.playing || state.speed !== before.speed || state.selection !== before.selection)
        later();
    }),
  ];
  const open = async () => {
    const { hash } = location;
    // Another place of the page has links of its own.
    if (hash === own || hash === GALLERY_HASH || isModelsHash(hash)) return;
    own = hash;
    // What the page showed until now must not be written over the link while that is read.
    opening += 1;
    let refused: unknown;
    try {
      await page.loadExhibit(linkedMechanism(hash, cards), 'whole');
    } catch (error) {
      refused = error;
    } finally {
      opening -= 1;
    }
    // Another one has come meanwhile, and is opened by itself.
    if (hash !== own) return;
    if (refused) {
      tell(page.session, (refused as Error).message);
      return;
    }
    const { state, sources, complaints } = openLink(hash, page.mechanisms.getState(), cards);
    page.session.setState({ complaints });
    const before = page.config.getState().experiment;
    page.config.getState().open(state.experiment, state.arrangement, sources);
    entry = chapterOf(page);
    page.cursor.setState({ speed: state.speed, selection: state.selection, isLinked: true });
    const { tick, step } = state;
    // Another run comes: its recording opens at the link's step.
    if (!runsTheSame(before, page.config.getState().experiment)) {
      page.controller.openAt(tick === null ? null : { tick, step });
    }
    if (tick !== null) {
      const { recording } = page.session.getState();
      page.cursor.getState().pause();
      page.cursor.getState().seek((step && recording && tickOf(recording, step)) ?? tick);
    }
  };
  window.addEventListener('hashchange', open);
  void open();
  return () => {
    clearTimeout(timer);
    window.removeEventListener('hashchange', open);
    for (const stop of unsubscribe) stop();
  };
}
