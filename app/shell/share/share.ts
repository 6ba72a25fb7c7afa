// The link of what is on screen now, and the file downloads. The address bar follows the page, a moment behind.

import type { Page } from '../../state/page-context.ts';
import { stepAt } from '../../state/run/place-cursor.ts';
import type { LinkState } from '../../state/stores/link-state.ts';

/** What a link made now carries. The step is left out while playing, and after a run has played to its end. */
export function linkState({ config, cursor, session }: Page): LinkState {
  const { experiment, arrangement, pendingSources } = config.getState();
  const { tick, length, playing, sought, speed, selection } = cursor.getState();
  const { recording } = session.getState();
  const rests = !playing && (tick < length || sought);
  return {
    experiment: pendingSources ? { ...experiment, sources: pendingSources } : experiment,
    arrangement,
    tick: rests ? tick : null,
    // The end is the end, whichever step comes last.
    step: rests && recording && tick < length ? stepAt(recording, tick) : null,
    speed,
    selection,
  };
}

/** Absolute address that opens the page as it is now. */
export async function currentLink(page: Page): Promise<string> {
  const { encodeLink } = await import('../../state/link/url-state.ts');
  const hash = encodeLink(linkState(page));
  const address = new URL(location.href);
  address.hash = hash;
  return address.href;
}

/** Copies `text`; false where the browser does not allow it, so that the page can show the text instead. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function download(name: string, content: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The click only starts the download; the address must outlive it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
