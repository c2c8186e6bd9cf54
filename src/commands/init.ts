import { resolve } from 'node:path';
import type { ExitCode } from '../errors.ts';
import { scaffold, scaffoldOwn } from '../scaffold.ts';
import { print } from './read.ts';

export async function init(dir: string | undefined, { preset }: { preset?: string }): Promise<ExitCode> {
  const target = resolve(dir ?? '.');
  print(preset === undefined ? scaffoldOwn(target) : await scaffold(target, preset, { ownRepository: false }));
  return 0;
}
