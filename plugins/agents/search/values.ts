import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findConstant, setConstant, asSwitch } from '../../../src/agent.ts';
import type { Brief, PluginContext, Scalar } from '../../../src/plugin.ts';
import type { Parameter, Values } from './parameter.ts';

/** The values of all parameters that can be found; `read` answers null for a file that is not there. */
export async function readValues(parameters: readonly Parameter[], read: (file: string) => Promise<string | null>): Promise<Values> {
  const values: Record<string, Scalar> = {};
  for (const file of new Set(parameters.map((parameter) => parameter.file))) {
    const text = await read(file);
    if (text === null) continue;
    for (const parameter of parameters.filter((one) => one.file === file)) {
      const found = findConstant(file, text, parameter.name, parameter.pattern);
      if (!('problem' in found)) values[parameter.key] = valueFor(parameter, found.value);
    }
  }
  return values;
}

/** The value that was read, in the type of the parameter: `yes`, `on` and 1 are what a language without booleans has for true. */
export function valueFor(parameter: Parameter, value: Scalar): Scalar {
  if (parameter.kind === 'ordered') return value;
  return parameter.values.every((one) => typeof one === 'boolean') ? (asSwitch(value) ?? value) : value;
}

/** A file of the project's folder in the worktree; null when it is not there. */
export function readFrom(cwd: string): (file: string) => Promise<string | null> {
  return (file) => readFile(join(cwd, file), 'utf8').catch(() => null);
}

/** A file as it is in a commit; null when it is not there. */
export function readAt(commit: string, brief: Brief, context: PluginContext): (file: string) => Promise<string | null> {
  const env = Object.fromEntries(Object.entries(brief.env).filter(([name]) => !name.startsWith('GIT_')));
  const logFile = join(brief.scratchDir, 'committed.txt');
  return async (file) => {
    // Through a file, because only the end of a long output is kept in memory.
    const result = await context.exec(['git', 'show', `${commit}:./${file}`], { cwd: brief.cwd, env, logFile, signal: brief.signal });
    return result.exit === 'completed' ? readFile(logFile, 'utf8') : null;
  };
}

/** Writes new values into the files of the worktree, each in its place. */
export async function writeValues(cwd: string, parameters: readonly Parameter[], values: Values): Promise<void> {
  const texts = new Map<string, string>();
  for (const { key, file, name, pattern } of parameters) {
    const value = values[key];
    if (value === undefined) continue;
    const text = texts.get(file) ?? (await readFile(join(cwd, file), 'utf8'));
    texts.set(file, setConstant(file, text, name, value, pattern));
  }
  for (const [file, text] of texts) await writeFile(join(cwd, file), text);
}
