/** Every block of code in the documentation is checked, by its language; none is left out silently. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../helpers/repo.ts';
import { blocksOf, inlineOf, PAGES, type Block } from './blocks.ts';
import { objectionTo, ownCommands, typedIn } from './command-lines.ts';
import { objectionsToConfig } from './config-blocks.ts';

/** What is shown and not run: outputs, drawings, files of other programs. */
const SHOWN = new Set(['text', 'mermaid', 'md', 'gitignore', 'tsv', 'diff', 'dockerfile']);
const ran = (program: string, args: readonly string[], input?: string) =>
  spawnSync(program, args, { encoding: 'utf8', ...(input !== undefined && { input }) });

const CHECKS: Readonly<Record<string, (block: Block) => string[]>> = {
  yaml: ({ text }) => objectionsToConfig(text),
  sh: shell,
  bash: shell,
  console: shell,
  json: ({ text }) => problems(() => void JSON.parse(text)),
  jsonl: ({ text }) =>
    problems(() =>
      text
        .trim()
        .split('\n')
        .forEach((line) => void JSON.parse(line)),
    ),
  js: ({ text }) => {
    const { status, stderr } = ran(process.execPath, ['--check', '--input-type=module', '-'], text);
    return status === 0 ? [] : [stderr];
  },
  python: ({ text }) => {
    const { status, stderr, error } = ran('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], text);
    return status === 0 || error !== undefined ? [] : [stderr];
  },
  // All together, below.
  ts: () => [],
};

const blocks = PAGES.flatMap((page) => blocksOf(page));

it.each(blocks.filter(({ language }) => language !== 'ts'))('$at is right $language', (block) => {
  if (block.unchecked !== null || SHOWN.has(block.language)) return;
  const check = CHECKS[block.language];
  expect(check, `no check for a block of "${block.language}": name its language, text for what is only shown`).toBeDefined();
  expect(check?.(block)).toEqual([]);
});

it('TypeScript on the pages compiles', () => {
  const dir = makeFolder();
  const root = join(import.meta.dirname, '../..');
  const scripts = blocks.filter(({ language, unchecked }) => language === 'ts' && unchecked === null);
  expect(scripts.length).toBeGreaterThan(8);
  for (const { page, at, text } of scripts) {
    // Blocks of a page import each other by the names they give, in their first line or to their plugin.
    const name = /^\/\/ plugins\/(\S+?)\.ts\n/.exec(text)?.[1] ?? /^ {2}name: '(.+)',$/m.exec(text)?.[1] ?? at.replace(/.*:/, 'line-');
    const folder = join(dir, page);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.ts`), `${text}\nexport {};\n`);
  }
  const compilerOptions = {
    paths: { autoresearch: [join(root, 'src/index.ts')], 'autoresearch/*': [join(root, 'src/*.ts')] },
    typeRoots: [join(root, 'node_modules/@types')],
    noUnusedLocals: false,
  };
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [dir] }));
  const { stdout } = ran(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', dir]);
  expect(stdout).toBe('');
});

it.each(PAGES)('the commands in the sentences of %s are ones of the program', (page) => {
  const wrong = inlineOf(page).flatMap(({ at, text }) =>
    ownCommands(text).flatMap((words) => {
      const objection = words.length === 0 ? null : objectionTo(words, { isWhole: false });
      return objection === null ? [] : [`${at} \`${text}\`: ${objection}`];
    }),
  );
  expect(wrong).toEqual([]);
});

it('what is marked as not checked says why', () => {
  for (const { unchecked } of blocks) if (unchecked !== null) expect(unchecked.length).toBeGreaterThan(15);
});

it.each([
  ['npx autoresearch rum', 'there is no command rum'],
  ['autoresearch run --expriments 3', 'run does not know --expriments'],
  ['cd x && autoresearch show', 'show needs experiment'],
  ['autoresearch run --experiments many', "option '--experiments"],
  ['autoresearch plugin build x', 'plugin has no command build'],
])('finds what is wrong in: %s', (script, part) => {
  expect(ownCommands(script).map((words) => objectionTo(words))).toEqual([expect.stringContaining(part)]);
});

it.each([
  ['budget: { experiment: 3 }', 'experiment'],
  ['gates:\n  - { use: min-delta, with: { detla: 1 } }', 'detla'],
  ['nonsense: 1', 'nonsense'],
  ['agent: { use: search, with: { parameters: 3 } }', 'parameters'],
])('finds what is wrong in: %s', (config, part) => {
  expect(objectionsToConfig(config).join('\n')).toContain(part);
});

/** Its syntax, where the machine has bash, and every command of ours in it. */
function shell({ text }: Block): string[] {
  const script = typedIn(text);
  const { status, stderr } = ran('bash', ['-n'], script.replaceAll(/<[a-z][a-z -]*>/g, 'NAME'));
  return [
    ...(status === 0 || status === null ? [] : [stderr]),
    ...ownCommands(script).flatMap((words) => {
      const objection = objectionTo(words);
      return objection === null ? [] : [`autoresearch ${words.join(' ')}: ${objection}`];
    }),
  ];
}

function problems(act: () => void): string[] {
  try {
    act();
    return [];
  } catch (error) {
    return [String(error)];
  }
}
