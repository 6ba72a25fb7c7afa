// Scrolls a list of equally high lines so that some of them are seen, without asking the browser for a layout at every step.

import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react';

interface Measures {
  lineHeight: number;
  viewHeight: number;
  scrollTop: number;
}

/**
 * A function that brings `count` lines from number `first` (0-based) into sight: it moves only when they are not, and never the
 * page. Heights are measured when the list changes size, the position when it is scrolled.
 */
export function useKeepInSight(list: RefObject<HTMLElement | null>): (first: number, count: number) => void {
  const measures = useRef<Measures>({ lineHeight: 0, viewHeight: 0, scrollTop: 0 });
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = () => {
      const line = element.firstElementChild as HTMLElement | null;
      const { clientHeight: viewHeight, scrollTop } = element;
      measures.current = { lineHeight: line?.offsetHeight ?? 0, viewHeight, scrollTop };
    };
    const scrolled = () => {
      measures.current.scrollTop = element.scrollTop;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [list]);
  return useCallback(
    (first, count) => {
      const { lineHeight, viewHeight, scrollTop } = measures.current;
      if (!list.current || lineHeight === 0) return;
      const top = first * lineHeight;
      const shown = Math.min(count * lineHeight, viewHeight);
      if (top < scrollTop) list.current.scrollTop = top;
      else if (top + shown > scrollTop + viewHeight) list.current.scrollTop = top + shown - viewHeight;
    },
    [list],
  );
}
