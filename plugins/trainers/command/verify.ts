import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join, posix } from 'node:path';
import type { Preflight } from '../../../src/plugin.ts';

interface Command {
  readonly run: readonly string[];
  readonly shell: boolean;
  /** Where it runs, relative to the project. */
  readonly cwd: string;
  /** The trainer's place in the config. */
  readonly at: string;
}

/** Looks whether the program and the files it is given are there for a trial. */
export async function verifyRun({ run, shell, cwd, at }: Command, preflight: Preflight): Promise<void> {
  const [program = '', ...rest] = run;
  const place = `${at}.with.run`;
  const words = shell ? run.join(' ').split(/[\s;&|()<>'"]+/) : rest;
  if (!shell) await verifyProgram(program, place, cwd, preflight);
  for (const [index, word] of words.entries()) {
    // What follows -o is written, not read.
    if (words[index - 1] === '-o' || !looksLikeFile(word)) continue;
    await preflight.requireFile(posix.join(cwd, word), { at: place });
  }
}

async function verifyProgram(program: string, at: string, cwd: string, preflight: Preflight): Promise<void> {
  const hint = `correct ${at}`;
  if (isAbsolute(program)) {
    if (!mayRun(program)) preflight.problem('COMMAND_NOT_FOUND', `${at}: ${program} is no program`, hint);
  } else if (program.includes('/')) {
    const isThere = await preflight.requireFile(posix.join(cwd, program), { at, isProgram: true });
    if (!isThere) preflight.problem('COMMAND_NOT_FOUND', `${at}: there is no file ${posix.join(cwd, program)}`, hint);
  } else if (!(process.env['PATH'] ?? '').split(delimiter).some((folder) => mayRun(join(folder, program)))) {
    preflight.problem(
      'COMMAND_NOT_FOUND',
      `${at.replace(/\.with\.run$/, '')}: there is no program "${program}" on the PATH`,
      `install ${program}, or change ${at}`,
    );
  }
}

function looksLikeFile(word: string): boolean {
  return !word.startsWith('-') && !isAbsolute(word) && !word.includes('*') && (word.includes('/') || /^\w[\w.-]*\.[A-Za-z]\w*$/.test(word));
}

function mayRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
