// What an exhibit may cost: its description, its choice of pictures and its own code, in lines. Kernels, tests and README are not counted.

import { isTestCode } from './source-files.mjs';

/** `own`: all but reference.ts. */
const BUDGET = { own: 250, all: 400 };
/**
 * Exhibits that may be longer, reference included, each with the decision that says why. Lower a ceiling when its exhibit allows; one that
 * keeps to the budget has none.
 */
const CEILINGS = {
  attention: { all: 4990, decision: 'docs/decisions/0016-what-an-exhibit-may-cost.md' },
  'mamba-block': { all: 1120, decision: 'docs/decisions/0016-what-an-exhibit-may-cost.md' },
  'selective-scan': { all: 1590, decision: 'docs/decisions/0016-what-an-exhibit-may-cost.md' },
  ssd: { all: 660, decision: 'docs/decisions/0016-what-an-exhibit-may-cost.md' },
};

const FOLDER = /^(?:app|gpu)\/mechanisms\/([^/]+)\//;
const isCounted = (path) => !/\.(wgsl|md)$/.test(path) && !isTestCode(path);
const linesOf = (text) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** Lines of every exhibit, in both of its folders. @returns {Map<string, { own: number, reference: number }>} */
export function exhibitLines(files) {
  const exhibits = new Map();
  for (const [path, text] of files) {
    const name = FOLDER.exec(path)?.[1];
    if (name === undefined || !isCounted(path)) continue;
    const count = exhibits.get(name) ?? { own: 0, reference: 0 };
    count[path.endsWith('/reference.ts') ? 'reference' : 'own'] += linesOf(text);
    exhibits.set(name, count);
  }
  return exhibits;
}

export function* checkBudget(files) {
  for (const [name, { own, reference }] of exhibitLines(files)) {
    const file = `gpu/mechanisms/${name}/`;
    const all = own + reference;
    const fits = own <= BUDGET.own && all <= BUDGET.all;
    const ceiling = Object.hasOwn(CEILINGS, name) ? CEILINGS[name] : undefined;
    const measured = `${own} lines, ${all} with the reference`;
    if (!ceiling && !fits)
      yield {
        rule: 'exhibit-budget',
        file,
        line: 1,
        message: `${measured}; the budget is ${BUDGET.own} and ${BUDGET.all}`,
      };
    if (!ceiling) continue;
    if (all > ceiling.all)
      yield { rule: 'exhibit-budget', file, line: 1, message: `${measured}; its own ceiling is ${ceiling.all}` };
    if (fits)
      yield { rule: 'exhibit-ceiling', file, line: 1, message: `${measured}: it needs no ceiling of its own any more` };
    if (!files.has(ceiling.decision))
      yield { rule: 'exhibit-ceiling', file, line: 1, message: `its ceiling has no reason: ${ceiling.decision}` };
  }
}
