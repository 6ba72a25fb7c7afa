// Where the page finds the mechanism: an entry of its own, so that what a first visit loads can be named, though stacks share the rest.

export { attention } from './attention.ts';
