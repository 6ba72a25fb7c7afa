// Reads design tokens as concrete colours for canvases, and tells when the theme has changed.

import { useEffect, useMemo, useState } from 'react';
import type { InkOf } from './pen.ts';

/** Resolves a token where `element` stands; `light-dark()`, `color-mix()` and nested `var()` come out as plain colours. */
export function inksAt(element: Element): InkOf {
  const known = new Map<string, string>();
  const ownerDocument = element.ownerDocument;
  return (ink) => {
    if (!ink.startsWith('--')) return ink;
    let colour = known.get(ink);
    if (colour === undefined) {
      const probe = ownerDocument.createElement('span');
      probe.style.cssText = `position:absolute;visibility:hidden;forced-color-adjust:none;color:var(${ink}, #808080)`;
      element.append(probe);
      colour = getComputedStyle(probe).color;
      probe.remove();
      known.set(ink, colour);
    }
    return colour;
  };
}

/** A number that changes with the theme: attributes of the root element, the system's colour scheme, forced colours. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = () => setVersion((n) => n + 1);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'data-theme', 'style'] });
    const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query));
    for (const query of queries) query.addEventListener('change', changed);
    return () => {
      observer.disconnect();
      for (const query of queries) query.removeEventListener('change', changed);
    };
  }, []);
  return version;
}

/** Inks of the element in `host`, renewed with the theme; null before it is mounted. */
export function useInks(host: Element | null): InkOf | null {
  const version = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme gives the same tokens other colours
  return useMemo(() => (host ? inksAt(host) : null), [host, version]);
}

/** True when the person asked for less motion. */
export function useReducedMotion(): boolean {
  const [reduced, setReduced] = useState(() => matchMedia('(prefers-reduced-motion: reduce)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-reduced-motion: reduce)');
    const changed = () => setReduced(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return reduced;
}
