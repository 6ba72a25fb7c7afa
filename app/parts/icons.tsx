// The page's icons: 16 × 16 outlines in the current colour. Decorative; the control that holds one carries the name.

const PATHS = {
  play: 'M4 2.5v11l9-5.5z',
  pause: 'M4 2.5h3v11H4zM9 2.5h3v11H9z',
  first: 'M3 2.5h2v11H3zM14 2.5v11L6 8z',
  last: 'M11 2.5h2v11h-2zM2 2.5v11L10 8z',
  back: 'M11.5 2.5v11L4 8z',
  forward: 'M4.5 2.5v11L12 8z',
  undo: 'M6 2 2 6l4 4V7.2c3.4 0 5.6 1.3 7 4.3-.3-4-2.6-7-7-7.2z',
  redo: 'M10 2l4 4-4 4V7.2c-3.4 0-5.6 1.3-7 4.3.3-4 2.6-7 7-7.2z',
  close: 'M3.5 2.4 8 6.9l4.5-4.5 1.1 1.1L9.1 8l4.5 4.5-1.1 1.1L8 9.1l-4.5 4.5-1.1-1.1L6.9 8 2.4 3.5z',
  theme: 'M8 1.5a6.5 6.5 0 1 0 0 13zM8 1.5v13a6.5 6.5 0 0 0 0-13zm0 1.4a5.1 5.1 0 0 1 0 10.2z',
  info: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1.3a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8zM7.3 7h1.4v4.5H7.3zm0-2.5h1.4v1.4H7.3z',
  table:
    'M2 3h12v10H2zm1.3 1.3v2h2.9v-2zm4.2 0v2h5.2v-2zM3.3 7.5v1.6h2.9V7.5zm4.2 0v1.6h5.2V7.5zm-4.2 2.8v1.4h2.9v-1.4zm4.2 0v1.4h5.2v-1.4z',
  menu: 'M2 3.5h12V5H2zm0 3.8h12v1.4H2zM2 11h12v1.5H2z',
  expand: 'M2 2h5v1.4H4.4l3 3-1 1-3-3V7H2zm12 12H9v-1.4h2.6l-3-3 1-1 3 3V9H14z',
  panelLeft: 'M2 2.5h12v11H2zm1.3 1.3v8.4h2.4V3.8zm3.7 0v8.4h5.7V3.8z',
  panelRight: 'M2 2.5h12v11H2zm1.3 1.3v8.4H9V3.8zm7 0v8.4h2.4V3.8z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false" fill="currentColor" fillRule="evenodd">
      <path d={PATHS[name]} />
    </svg>
  );
}
