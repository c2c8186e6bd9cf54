import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReasonError } from '../contract/reason-error.ts';
import type { TrialRequest } from '../contract/roles.ts';
import { makeFolders } from '../folders.ts';
import type { RemoteOptions } from './options.ts';

/** Names of environment variables; others would be code in the script. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export type JobRequest = Pick<TrialRequest, 'tree' | 'env' | 'timeoutMs'>;

/** Writes the files of a job, as templates/remote/worker.sh describes them, into an empty folder. */
export async function writeJob(dir: string, request: JobRequest, options: RemoteOptions, hidden: readonly string[] = []): Promise<void> {
  const { tree, env, timeoutMs } = request;
  if (tree === undefined) throw new ReasonError('NO_TREE', 'this trial has no commit that could be sent to another machine');
  makeFolders(dir);
  const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
  write('tree', await tree.pack(join(dir, 'source.pack')));
  write('prefix', tree.prefix);
  write('program', programOf(env, options));
  write('outputs', options.outputs.map((path) => `${path}\n`).join(''));
  const settings: [string, string | number][] = [
    ['timeout', Math.ceil(timeoutMs / 1000)],
    ['lease', options.leaseSeconds],
    ['most', Math.floor(options.maxResultsMb * 1024 * 1024)],
    ['sandbox', options.sandbox],
    ['network', options.network ? 'yes' : 'no'],
    ...[...options.readable, ...environmentOf(options.run)].map((path): [string, string] => ['show', path]),
    ...hidden.map((path): [string, string] => ['hide', path]),
  ];
  write('settings', settings.map(([name, value]) => `${name}=${value}\n`).join(''));
}

/** `/home/ada/venv` for `/home/ada/venv/bin/python`. */
function environmentOf([program = '']: readonly string[]): string[] {
  const [, folder] = /^(\/\S+)\/bin\/[^/\s]+$/.exec(program) ?? [];
  return folder === undefined ? [] : [folder];
}

/** The script that runs the program. It sets the variables that were asked for and no others: PATH and folders of this machine mean nothing there. */
function programOf(env: TrialRequest['env'], { run, env: passed }: RemoteOptions): string {
  const names = Object.keys(env).filter((name) => NAME.test(name) && (name.startsWith('AUTORESEARCH_') || passed.includes(name)));
  const exports = names.map((name) => `export ${name}=${quote(env[name] ?? '')}\n`);
  return `${exports.join('')}exec ${run.map(quote).join(' ')}\n`;
}

/** A word for a POSIX shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
