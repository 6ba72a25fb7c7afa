// Rules about what a file says, beyond its imports: globals, stores, randomness and clocks, lengths, names, tests that are switched off.

import { walkTree } from './module-imports.mjs';
import { isTestCode, lineAt } from './source-files.mjs';

const LINE_LIMITS = [
  [/\.wgsl$/, 200],
  [/\.(ts|tsx|mjs|css)$/, 400],
];
const BANNED_NAME = /(^|[-_.])(utils?|helpers?|common|misc)([-_.]|$)/i;
const PAGE_GLOBALS = new Set(['document', 'window', 'localStorage', 'sessionStorage', 'history', 'location']);
const CLOCKS = new Set(['Math.random', 'Date.now', 'performance.now', 'crypto.getRandomValues']);
/** The engine's clock: wall time of a queue that has no timestamps, progress, and slices that keep a run cancellable. */
const MAY_READ_CLOCK = /^gpu\/(core\/sliced|runtime\/(device\/(timestamps|execute)|measure\/clock))\.ts$/;
/** Keys that say how something looks or is called on the page. `label` is also what a device calls its objects. */
const PAGE_KEYS = new Set(['letter', 'label', 'term', 'colour', 'color', 'tone', 'ink']);
const PAGE_LOOK = /(?:^|[^\w-])--[a-z]|#[0-9a-f]{6}\b|^#[0-9a-f]{3}$/i;
const TEST_SWITCHES = new Set(['only', 'skip', 'todo', 'fails', 'skipIf', 'runIf', 'fixme']);
const TEST_FUNCTIONS = new Set(['it', 'test', 'describe', 'bench']);
const LATER = /\b(TODO|FIXME|XXX|HACK)\b/;

/** Names a file declares itself (variables, parameters, functions, imports): a local `window` is a sliding window, not the page. */
function declaredNames(tree) {
  const names = new Set();
  const addPattern = (node) => {
    if (!node) return;
    if (node.type === 'Identifier') names.add(node.name);
    else if (node.type === 'ObjectPattern') for (const part of node.properties) addPattern(part.argument ?? part.value);
    else if (node.type === 'ArrayPattern') for (const part of node.elements) addPattern(part);
    else addPattern(node.left ?? node.argument ?? node.parameter);
  };
  walkTree(tree, (node) => {
    if (node.type === 'VariableDeclarator') addPattern(node.id);
    else if (/Function/.test(node.type)) {
      if (node.id) names.add(node.id.name);
      const params = Array.isArray(node.params) ? node.params : (node.params?.items ?? []);
      for (const param of params) addPattern(param);
    } else if (/^Import.*Specifier$/.test(node.type)) names.add(node.local.name);
    else if (node.type === 'CatchClause' && node.param) addPattern(node.param);
  });
  return names;
}

/** True where an identifier is only a name in a structure (`a.window`, `{ window: 1 }`), not a reference. */
function isPropertyName(parent, key) {
  if (!parent) return false;
  if (parent.type === 'MemberExpression') return key === 'property' && !parent.computed;
  if (/^(Property|MethodDefinition|PropertyDefinition|TSPropertySignature|TSMethodSignature)$/.test(parent.type))
    return key === 'key' && !parent.computed && !parent.shorthand;
  return parent.type === 'TSEnumMember' || /^(Import|Export)Specifier$/.test(parent.type);
}

const memberName = (node) =>
  node.type === 'MemberExpression' && !node.computed && node.object.type === 'Identifier'
    ? `${node.object.name}.${node.property.name}`
    : undefined;

/** `….setState` or `{ setState } = …`, be it called or handed on, whatever the store is called there; React's own, of a class, is `this.setState`. */
const writesStore = (node, parent) =>
  node.type === 'MemberExpression'
    ? (node.property.name ?? node.property.value) === 'setState' &&
      node.object.type !== 'ThisExpression' &&
      node.object.type !== 'Super'
    : isTakenFromObject(node, parent, 'setState');

const isTakenFromObject = (node, parent, name) =>
  node.type === 'Property' && parent?.type === 'ObjectPattern' && (node.key.name ?? node.key.value) === name;

/** `{ ...{ a, b }, c }` and `[...[a, b], c]` say nothing that `{ a, b, c }` does not: they please a formatter, or a count of lines. */
const isLiteralSpread = (node, parent) =>
  node.type === 'SpreadElement' &&
  node.argument.type === parent?.type &&
  /^(Object|Array)Expression$/.test(parent.type);

/** True where a node takes `config` from something: `run.config`, `run['config']`, `const { config } = run`. */
function readsConfig(node, parent) {
  if (node.type === 'MemberExpression') return (node.computed ? node.property.value : node.property.name) === 'config';
  return isTakenFromObject(node, parent, 'config');
}

function* checkTree(path, text, { tree }) {
  const inEngine = path.startsWith('gpu/');
  const inRuntime = path.startsWith('gpu/runtime/');
  const inPage = path.startsWith('app/');
  const inState = path.startsWith('app/state/');
  const isTest = isTestCode(path);
  const declared = declaredNames(tree);
  const found = [];
  const report = (rule, node, message) => found.push({ rule, file: path, line: lineAt(text, node.start), message });

  walkTree(tree, (node, parent, key) => {
    if (node.type === 'Identifier' && !isPropertyName(parent, key) && !declared.has(node.name)) {
      if (inEngine && !isTest && PAGE_GLOBALS.has(node.name))
        report('engine-page-global', node, `gpu/ never names ${node.name}: it runs in workers and in Node too`);
      if ((inEngine || inPage) && !inRuntime && !isTest && /^GPU[A-Z]/.test(node.name))
        report('device-outside-runtime', node, `only gpu/runtime touches the device: ${node.name}`);
    }
    const member = memberName(node);
    if (member === 'navigator.gpu' && !inRuntime && !isTest && (inEngine || inPage))
      report('device-outside-runtime', node, 'only gpu/runtime touches the device: navigator.gpu');
    if (inEngine && !isTest && CLOCKS.has(member) && !MAY_READ_CLOCK.test(path))
      report(
        'engine-clock',
        node,
        `${member} makes a result depend on when it ran; use the seeded generator or gpu/runtime’s clock`,
      );
    if (inPage && !inState && !isTest && writesStore(node, parent))
      report('store-written-outside', node, 'stores are written in app/state only: call an action of it');
    if (!isTest && isLiteralSpread(node, parent))
      report('literal-spread', node, 'what stands here anyway is written here, not spread from a literal');
    if (path.startsWith('app/pictures/') && !isTest && readsConfig(node, parent))
      report(
        'picture-config',
        node,
        'a picture shows what was recorded, of any mechanism: settings are read by exhibits',
      );
    if (inPage && !isTest && /^document\.querySelector(All)?$/.test(member ?? ''))
      report('page-query', node, `${member}: a component reaches its elements through refs`);
    if (isTest && node.type === 'MemberExpression' && !node.computed && TEST_SWITCHES.has(node.property.name)) {
      const base = node.object.type === 'MemberExpression' ? node.object.object : node.object;
      if (TEST_FUNCTIONS.has(base.name))
        report('test-switched-off', node, `${base.name}.${node.property.name}: every test runs`);
    }
  });
  yield* found;
}

/** What the page calls things and how they look is the page's business: one engine serves pages of any look and language. */
function* checkPageWords(path, text, { tree }) {
  const found = [];
  const report = (node, message) =>
    found.push({ rule: 'engine-page-word', file: path, line: lineAt(text, node.start), message });
  walkTree(tree, (node) => {
    if (/^(Property|PropertyDefinition|TSPropertySignature)$/.test(node.type) && !node.computed) {
      const name = node.key.name ?? node.key.value;
      if (PAGE_KEYS.has(name) && !(name === 'label' && path.startsWith('gpu/runtime/')))
        report(node, `“${name}” belongs to the page: app/mechanisms/<m> says how a thing is shown`);
    }
    const said = node.type === 'TemplateElement' ? node.value.raw : node.type === 'Literal' ? node.value : undefined;
    if (typeof said === 'string' && PAGE_LOOK.test(said)) report(node, `${said} is a colour of the page`);
  });
  yield* found;
}

/** Rules about lengths, names, comments and identifiers. */
export function* checkCode(files, modules) {
  for (const [path, text] of files) {
    const limit = LINE_LIMITS.find(([kind]) => kind.test(path))?.[1];
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    if (limit && lines > limit)
      yield { rule: 'file-too-long', file: path, line: limit + 1, message: `${lines} lines; the limit is ${limit}` };
    const banned = path.split('/').find((part) => BANNED_NAME.test(part));
    if (banned)
      yield { rule: 'name-says-nothing', file: path, line: 1, message: `“${banned}” does not say what the file is` };
    const rules = path === 'scripts/layers/code-rules.mjs';
    const later = !rules && /\.(ts|tsx|mjs|wgsl|css)$/.test(path) ? LATER.exec(text) : null;
    if (later)
      yield {
        rule: 'left-for-later',
        file: path,
        line: lineAt(text, later.index),
        message: `${later[1]}: finish it or file it`,
      };
  }
  for (const [path, module] of modules) {
    yield* checkTree(path, files.get(path), module);
    if (path.startsWith('gpu/') && !isTestCode(path)) yield* checkPageWords(path, files.get(path), module);
  }
}
