/**
 * Writes the table of hooks into docs/plugins.md, from the rows the engine itself uses.
 * Run: node scripts/build-hook-table.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { HOOKS, type OnThrow } from '../src/hook-table.ts';

const FILE = join(import.meta.dirname, '..', 'docs', 'plugins.md');

const ON_THROW: Readonly<Record<OnThrow, string>> = {
  problem: 'a problem; the run does not start',
  warning: 'a warning',
  crash: 'crash verdict',
  unaudited: 'the audit is not done, and says why',
  failure: 'the run fails',
};

/** The page with its table as the hooks are now. */
export async function pageWithHooks(page = readFileSync(FILE, 'utf8')): Promise<string> {
  const rows = Object.entries(HOOKS).map(([name, row]) => {
    const kind = 'answer' in row ? `bail: ${row.answer}` : 'series';
    return `| ${[`\`${name}\``, row.when, row.gets.join(', '), kind, ON_THROW[row.onThrow]].join(' | ')} |`;
  });
  const table = ['| hook | called | gets | kind | when a tap throws |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
  const before = /(?<=\n## Hooks\n[^|]*)\| hook [^]*?(?=\n\n)/;
  if (!before.test(page)) throw new Error(`${FILE} has no table of hooks below its heading "Hooks"`);
  return format(
    page.replace(before, () => table),
    { ...(await resolveConfig(FILE)), parser: 'markdown' },
  );
}

if (import.meta.main) writeFileSync(FILE, await pageWithHooks());
