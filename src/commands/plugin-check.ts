import { basename, relative } from 'node:path';
import type { ExitCode } from '../errors.ts';
import { casesFile, loadCases } from '../plugins/cases-file.ts';
import { findTarget } from '../plugins/find-target.ts';
import { importDefinitions } from '../plugins/module.ts';
import { checkPlugin } from '../testing/check.ts';
import { renderLaws, type CheckedPlugin } from '../views/laws.ts';
import { print, printJson, textOptions } from './read.ts';

/** Tests every plugin of a module against the rules for its kind. Exit code 0: all hold; 1: one is broken. */
export async function pluginCheck(target: string | undefined, { json }: { json?: boolean }): Promise<ExitCode> {
  const cwd = process.cwd();
  const module = findTarget(target ?? '.', cwd);
  const definitions = await importDefinitions(module);
  const cases = await loadCases(module.file, definitions);
  const checked: CheckedPlugin[] = [];
  for (const definition of definitions) {
    const { kind, name } = definition;
    const test = cases.get(definition) ?? null;
    const laws = await checkPlugin(definition, test);
    const file = relative(cwd, module.file);
    checked.push({ kind, name, file, cases: test === null ? null : basename(casesFile(module.file)), laws });
  }
  if (json === true) printJson(checked);
  else print(renderLaws(checked, basename(casesFile(module.file)), textOptions()));
  return checked.every(({ laws }) => laws.every(({ holds }) => holds)) ? 0 : 1;
}
