// The budget of what a first visit loads before the first picture: the page's entry, what it imports at once, and the engine worker.
import { initialScripts } from './scripts/initial-scripts.mjs';

export default [
  { name: 'initial JavaScript, worker included', path: initialScripts('dist'), limit: '165 kB', gzip: true },
];
