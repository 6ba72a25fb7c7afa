// Recordings shipped with the page: they play while the live one is made, where there is no WebGPU, and in the gallery. Each is
// labelled with the device it was made on.

import type { Recording } from '../../exhibit/recording.ts';
import { NotHere } from '../../words/not-here.ts';

export interface ShippedEntry {
  /** File in `recordings/`. */
  file: string;
  title: string;
  /** Link (without `#`) of the page that the recording shows; '' is the default page. */
  link: string;
  /** Device it was made on. */
  device: string;
}

const folder = () => new URL('recordings/', document.baseURI);

let listing: Promise<readonly ShippedEntry[]> | undefined;

function isEntry(value: unknown): value is ShippedEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { file, title, link, device } = value as Record<string, unknown>;
  return [file, title, link, device].every((text) => typeof text === 'string') && /^[\w.-]+$/.test(String(file));
}

async function fetchListing(): Promise<readonly ShippedEntry[]> {
  const response = await fetch(new URL('index.json', folder()));
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const entries: unknown = await response.json();
  return Array.isArray(entries) ? entries.filter(isEntry) : [];
}

/** What is shipped. One that cannot be read now is asked for again. @throws NotHere */
async function knownListing(): Promise<readonly ShippedEntry[]> {
  listing ??= fetchListing();
  try {
    return await listing;
  } catch (error) {
    listing = undefined;
    throw new NotHere('The list of recordings', error);
  }
}

/** What is shipped; empty where the listing cannot be read, since the page works without. */
export const listShipped = (): Promise<readonly ShippedEntry[]> => knownListing().catch(() => []);

async function fetchBytes({ file, title }: ShippedEntry): Promise<Uint8Array> {
  try {
    const response = await fetch(new URL(file, folder()));
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new NotHere(`The recording “${title}”`, error);
  }
}

/** @throws NotHere, EngineError bad-file */
export async function loadShipped(entry: ShippedEntry): Promise<Recording> {
  const [bytes, { decodeRecordingFile }] = await Promise.all([fetchBytes(entry), import('./recording-file.ts')]);
  const recording = await decodeRecordingFile(bytes, entry.file);
  return { ...recording, id: `shipped-${entry.file}`, device: { ...recording.device, origin: 'shipped' } };
}

/** The recording shipped for exactly this link, or null where there is none. @throws NotHere, EngineError bad-file */
export async function fetchShippedRecording(link: string): Promise<Recording | null> {
  const entry = (await knownListing()).find((candidate) => candidate.link === link);
  return entry ? loadShipped(entry) : null;
}
