// Test code: documents that name what is not there: rows of check-layers.test.mjs.

/** [what is planted, rule that must report it, file it must name, files added or replaced] */
export const PLANTED_DOCUMENTS = [
  [
    'a decision that names a file that was moved',
    'document-names-nothing',
    'docs/decisions/0001-a.md',
    { 'docs/decisions/0001-a.md': 'The plan is made in `gpu/plan/former.ts`.\n' },
  ],
  [
    'a document that names a folder that is gone',
    'document-names-nothing',
    'CONTRIBUTING.md',
    { 'CONTRIBUTING.md': 'Pictures lie in `app/former/<kind>/`.\n' },
  ],
  [
    'a link to a document that is gone',
    'document-names-nothing',
    'docs/README.md',
    { 'docs/README.md': 'See [why](./decisions/0099-gone.md).\n' },
  ],
  [
    'a comment that names a document of somewhere else',
    'comment-names-nothing',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': `// As ${'PLAN'}.md says.\nexport {};\n` },
  ],
  [
    'a comment that sends its reader somewhere else',
    'comment-names-nothing',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': `// Per number; see ${'PLAN'}: one each.\nexport {};\n` },
  ],
  [
    'a comment that names a section of somewhere else',
    'comment-names-nothing',
    'gpu/mechanisms/copy/copy.wgsl',
    { 'gpu/mechanisms/copy/copy.wgsl': `// Copies x to y; ${'PLAN'} section 3.\n` },
  ],
];
