// Planted violations of the law that lists load no code of an exhibit: rows of check-layers.test.mjs.

import { HAND_MADE, within } from './clean-tree.mjs';

const CARDS = "import.meta.glob(['./*/card.ts'], { eager: true })";

export const PLANTED_LISTS = [
  [
    'a registry that imports a mechanism at once',
    'list-loads-code',
    'gpu/mechanisms/registry.ts',
    { 'gpu/mechanisms/registry.ts': "import { plan } from './copy/index.ts';\nexport const all = [plan];\n" },
  ],
  [
    'a registry whose glob brings more than the cards',
    'list-loads-code',
    'gpu/mechanisms/registry.ts',
    { 'gpu/mechanisms/registry.ts': `export const all = ${CARDS.replace('card', 'index')};\n` },
  ],
  [
    'a gallery that waits for the whole registry',
    'list-loads-code',
    'app/gallery/Gallery.tsx',
    {
      'gpu/mechanisms/all.ts': "export const all = await import('./registry.ts');\n",
      'app/gallery/Gallery.tsx':
        "import { all } from '#gpu/mechanisms/all.ts';\nexport const Gallery = () => all.length;\n",
    },
  ],
  [
    'a list that brings an exhibit’s view through another module',
    'list-loads-code',
    'app/shell/Menu.tsx',
    {
      'app/shell/Menu.tsx': "import { first } from './first.ts';\nexport const Menu = () => first;\n",
      'app/shell/first.ts': "export { View as first } from '../mechanisms/copy/View.tsx';\n",
    },
  ],
  [
    'a test that lists exhibits by hand',
    'hand-list',
    'e2e/phone.spec.ts',
    {
      ...Object.fromEntries(['one', 'two'].flatMap((id) => Object.entries(within(`gpu/mechanisms/${id}`, HAND_MADE)))),
      'e2e/phone.spec.ts': "for (const id of ['copy', 'one', 'two']) console.log(id);\n",
    },
  ],
];
