import { createInterface } from 'node:readline/promises';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { AutoresearchError, messageOf, type ExitCode } from '../errors.ts';
import { print, printJson } from './read.ts';

export interface DoctorFlags {
  readonly fix?: boolean;
  readonly json?: boolean;
}

/** Shows what crashed processes have left in this project, and removes it with consent. Exit code 0 if nothing is left. */
export async function doctor({ fix, json }: DoctorFlags): Promise<ExitCode> {
  const found = await examine(process.cwd());
  const wanted = fix === true || (!json && (await isAgreed(found)));
  const told = [];
  for (const { kind, text, fix: clear } of found) {
    const problem = wanted && clear ? await failureOf(clear) : null;
    const isCleared = wanted && clear !== undefined && problem === null;
    told.push({ kind, text, canBeCleared: clear !== undefined, isCleared, ...(problem !== null && { problem }) });
  }
  if (json) printJson(told);
  else print(told.length === 0 ? 'nothing is left of dead processes here' : told.map(lineOf).join('\n'));
  if (!json && !wanted && told.some(({ canBeCleared }) => canBeCleared)) print('\nto clear it: autoresearch doctor --fix');
  return told.every(({ isCleared }) => isCleared) ? 0 : 1;
}

function lineOf({ text, isCleared, problem }: { text: string; isCleared: boolean; problem?: string }): string {
  return [isCleared ? 'cleared' : 'found  ', text, ...(problem === undefined ? [] : [`(${problem})`])].join(' ');
}

/** Asks at a terminal; elsewhere nothing is touched without --fix. */
async function isAgreed(found: readonly Finding[]): Promise<boolean> {
  const clearable = found.filter(({ fix }) => fix !== undefined);
  if (clearable.length === 0 || !process.stdin.isTTY || !process.stdout.isTTY) return false;
  print(clearable.map(({ text }) => `found   ${text}`).join('\n'));
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`\nClear ${clearable.length === 1 ? 'it' : 'them'}? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function failureOf(clear: () => Promise<void>): Promise<string | null> {
  try {
    await clear();
    return null;
  } catch (error) {
    return error instanceof AutoresearchError ? [error.message, error.hint].filter(Boolean).join('; ') : messageOf(error);
  }
}
