import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from './pages.ts';

/** The pages for language models, in the form of llmstxt.org: a list with links, or with all texts. */
export function llmsText(source: string, pages: readonly Page[], { isWhole }: { isWhole: boolean }): string {
  const readme = readFileSync(join(source, 'index.md'), 'utf8');
  const [, title = '', about = ''] = /^# (.*)\n\n(.*)$/m.exec(readme) ?? [];
  const head = `# ${title}\n\n> ${about}\n\n`;
  if (isWhole) return head + [readme, ...pages.map(({ path }) => readFileSync(join(source, path), 'utf8'))].join('\n\n---\n\n');
  return `${head}## Docs\n\n${pages.map((page) => `- [${page.title}](${page.path.replace(/\.md$/, '.html')}): ${page.about}`).join('\n')}\n`;
}
