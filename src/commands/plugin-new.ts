import { relative, resolve } from 'node:path';
import { didYouMean } from '../config/suggest.ts';
import { AutoresearchError, type ExitCode } from '../errors.ts';
import { KINDS } from '../plugins/builtin.ts';
import { pluginNames, scaffoldPlugin } from '../scaffold-plugin.ts';
import { print } from './read.ts';

export function pluginNew(given: string, name: string, { dir }: { dir?: string }): ExitCode {
  const kind = KINDS.find((known) => known === given);
  if (kind === undefined) {
    const hint = `kinds: ${KINDS.join(', ')}`;
    throw new AutoresearchError('USAGE', `there is no kind "${given}" of plugin${didYouMean(given, KINDS)}`, { hint });
  }
  const names = pluginNames(kind, name);
  const target = resolve(dir ?? names.folder);
  const files = scaffoldPlugin(target, kind, names);
  const shown = relative(process.cwd(), target) || '.';
  print(
    [
      `${shown}: the package ${names.package}, with a ${kind} that works`,
      ...files.map((file) => `  ${file}`),
      'next:',
      `  cd ${shown} && npm install && npm test`,
      '  then make it yours: src/index.ts, and its cases in src/index.cases.ts',
      `  in a config: use: ${names.use}, or before it is published: use: ${shown.startsWith('..') ? '' : './'}${shown}/src/index.ts`,
    ].join('\n'),
  );
  return 0;
}
