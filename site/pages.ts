import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Page {
  readonly title: string;
  /** Relative to the site's source, such as docs/config.md. */
  readonly path: string;
  /** What the page is about, in a few words. */
  readonly about: string;
}

/** The pages in the order of the README's tables, which link to every one of them. */
export function pagesOf(source: string): Page[] {
  const readme = readFileSync(join(source, 'index.md'), 'utf8');
  return [...readme.matchAll(/^\| \[[^\]]*\]\((docs\/[^)]+\.md)\)\s*\|([^|]*)\|$/gm)].map(([, path = '', about = '']) => ({
    title: /^# (.*)$/m.exec(readFileSync(join(source, path), 'utf8'))?.[1] ?? path,
    path,
    about: about.trim(),
  }));
}
