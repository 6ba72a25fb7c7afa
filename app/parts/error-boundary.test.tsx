import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ErrorBoundary } from './ErrorBoundary.tsx';

/** What the boundary shows after a fault: static rendering knows no boundaries, so its parts are called as React does. */
function afterFault(error: unknown, onBack?: () => void) {
  let faults = 0;
  const props = { what: 'This view', onFault: () => faults++, onBack, children: 'the picture' };
  const boundary = new ErrorBoundary(props);
  Object.assign(boundary, { state: ErrorBoundary.getDerivedStateFromError(error) });
  boundary.componentDidCatch();
  return { markup: renderToStaticMarkup(boundary.render()), faults };
}

test('a fault is named in its place, told once, and offers the ways on that there are', () => {
  const { markup, faults } = afterFault(new Error('no such row'), () => {});
  expect(markup).toContain('This view could not be drawn: no such row');
  expect(markup).toContain('Back to what was there before');
  expect(markup).toContain('Draw again');
  expect(faults).toBe(1);
  expect(afterFault('x').markup).not.toContain('Back to');
  expect(afterFault(new Error('y'.repeat(10_000))).markup.length).toBeLessThan(700);
  expect(renderToStaticMarkup(<ErrorBoundary what="This view">the picture</ErrorBoundary>)).toBe('the picture');
});
