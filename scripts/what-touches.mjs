// Which files a new thing touches outside of its own folder, counted on one that is there: the files that name it.
//   node scripts/what-touches.mjs     prints the table of docs/ARCHITECTURE.md; architecture.test.mjs holds the two equal

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSourceFiles } from './layers/source-files.mjs';

/** `own`: what the thing consists of. `names`: how others call it. */
const SPECIMENS = [
  {
    what: 'mechanism with exhibit',
    such: 'token pruning',
    own: ['gpu/mechanisms/token-pruning/', 'app/mechanisms/token-pruning/'],
    names: /token-pruning|tokenPruning/,
  },
  {
    what: 'primitive',
    such: 'prefix scan',
    own: ['gpu/primitives/prefix-scan/'],
    names: /prefix-scan|prefixScan/,
  },
  { what: 'block of a stack', such: 'mamba-2', own: ['gpu/model/blocks/mamba2.ts'], names: /\/mamba2\.ts['"]/ },
  { what: 'kind of picture', such: 'graph', own: ['app/pictures/graph/'], names: /pictures\/graph\// },
  {
    what: 'view of an exhibit',
    such: 'scores of attention',
    own: ['app/mechanisms/attention/scores-view.ts'],
    names: /scores-view|scoresView/,
  },
  {
    what: 'study',
    such: 'memory against length',
    own: ['app/studies/growth.ts', 'app/studies/growth-lines.ts', 'app/studies/growth-view.tsx'],
    names: /studies\/growth/,
  },
  // An entry of the one list makes the key, the line of the help and what a button says; the button itself stands where it is wanted.
  { what: 'action with a key and a button', such: 'undo', own: [], names: /\bid(?:=|: )['"]undo['"]/ },
  {
    what: 'config key with its label',
    such: 'damping of token pruning',
    own: ['gpu/mechanisms/token-pruning/', 'app/mechanisms/token-pruning/'],
    names: /\bdamping\b/,
  },
  {
    what: 'family of golden vectors',
    such: 'zerotprune_wpr',
    own: ['gpu/mechanisms/token-pruning/'],
    names: /zerotprune_wpr/,
  },
];

/** Tests find what they hold by lists that are made of it, and name single things only in cases about them. */
const isCounted = (path) => /^(app|gpu)\//.test(path) && /\.(ts|tsx|css|json)$/.test(path) && !/\.test\./.test(path);

/** @returns {{ what: string, such: string, own: string[], outside: string[] }[]} */
export function touched(files) {
  return SPECIMENS.map(({ what, such, own, names }) => ({
    what,
    such,
    own,
    outside: [...files].flatMap(([path, text]) => {
      const isOwn = own.some((each) => path.startsWith(each));
      return isCounted(path) && !isOwn && names.test(text) ? [path] : [];
    }),
  }));
}

const listed = (paths) => paths.map((path) => `\`${path}\``).join(', ') || 'none';

/** As Markdown. */
export function touchedTable(files) {
  const rows = touched(files).map(({ what, such, own, outside }) => [
    `${what} (${such})`,
    listed(own),
    listed(outside),
  ]);
  return [['New', 'Its own', 'Outside'], ['---', '---', '---'], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(touchedTable(readSourceFiles(resolve('.'))));
