import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AutoresearchError, ERROR_CODES, type ExitCode } from '../errors.ts';
import { ownPackage } from '../plugins/package.ts';
import { didYouMean } from '../config/suggest.ts';
import { print } from './read.ts';

/** Prints the section of docs/errors.md on a code: one text for the page and the terminal. */
export async function explain(code: string | undefined): Promise<ExitCode> {
  const sections = readSections();
  if (code === undefined) {
    print([...sections.keys()].join('\n'));
    return 0;
  }
  const text = sections.get(code.toUpperCase());
  if (text === undefined) {
    throw new AutoresearchError('USAGE', `there is no code ${code}${didYouMean(code.toUpperCase(), [...sections.keys()])}`, {
      hint: 'all codes: autoresearch explain',
    });
  }
  const exit = (ERROR_CODES as Record<string, number>)[code.toUpperCase()];
  print(`${code.toUpperCase()}${exit === undefined ? '' : ` (exit code ${exit})`}\n\n${text}`);
  return 0;
}

function readSections(): Map<string, string> {
  const page = readFileSync(join(ownPackage().dir, 'docs', 'errors.md'), 'utf8');
  const parts = page.split(/^### `?([A-Z_]+)`?\n/m);
  const sections = new Map<string, string>();
  for (let at = 1; at < parts.length; at += 2) {
    const body = (parts[at + 1] ?? '').split(/^## /m, 1)[0] ?? '';
    sections.set(parts[at] ?? '', body.trim());
  }
  return sections;
}
