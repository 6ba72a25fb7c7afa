// Recordings shipped with the page: they play while the live one is made, where there is no WebGPU, and in the gallery. Each is
// labelled with the device it was made on.

import type { Recording } from '../../exhibit/recording.ts';

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
  if (!response.ok) return [];
  const entries: unknown = await response.json();
  return Array.isArray(entries) ? entries.filter(isEntry) : [];
}

/** What is shipped; empty where the listing cannot be read, since the page works without. */
export function listShipped(): Promise<readonly ShippedEntry[]> {
  listing ??= fetchListing().catch(() => []);
  return listing;
}

/** @throws EngineError bad-file */
export async function loadShipped(entry: ShippedEntry): Promise<Recording> {
  const [response, { decodeRecordingFile }] = await Promise.all([
    fetch(new URL(entry.file, folder())),
    import('./recording-file.ts'),
  ]);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const recording = await decodeRecordingFile(bytes, entry.file);
  return { ...recording, id: `shipped-${entry.file}`, device: { ...recording.device, origin: 'shipped' } };
}

/** The recording shipped for exactly this link, or null. Never throws: nothing depends on it. */
export async function fetchShippedRecording(link: string): Promise<Recording | null> {
  const entry = (await listShipped()).find((candidate) => candidate.link === link);
  if (!entry) return null;
  return loadShipped(entry).catch(() => null);
}
