import type { Preflight } from '../../../src/plugin.ts';
import { createFinder } from './locate.ts';
import { problemOfValue, problemsOf, toParameters, type ParameterOptions } from './parameter.ts';

/** Looks whether every parameter has one plain value of its type in an editable, committed file. */
export async function verify(options: readonly ParameterOptions[], preflight: Preflight): Promise<void> {
  const problems = problemsOf(options);
  for (const problem of problems) preflight.problem('CONFIG_VALUE', problem);
  if (problems.length > 0) return;
  for (const file of new Set(options.map((option) => option.file))) {
    const text = await preflight.readCommitted(file);
    if (text === null) {
      preflight.problem(
        'EDIT_FILE_NOT_COMMITTED',
        `${file}: the file with parameters is not in the commit the run starts from`,
        `git add ${file} && git commit`,
      );
    } else if (!preflight.editable.includes(file)) {
      preflight.problem('CONFIG_VALUE', `${file}: the file with parameters may not be edited`, 'add it to scope.edit');
    } else {
      verifyFile(file, text, options, preflight);
    }
  }
}

function verifyFile(file: string, text: string, options: readonly ParameterOptions[], preflight: Preflight): void {
  const find = createFinder(file, text);
  for (const parameter of toParameters(options).filter((one) => one.file === file)) {
    const found = find(parameter.name);
    const problem = 'problem' in found ? found.problem : found.site.value === null ? null : problemOfValue(parameter, found.site.value);
    if (problem === null) continue;
    const hint = `the file needs one line that gives ${parameter.name} a plain value, such as a number`;
    preflight.problem('PARAMETER_NOT_FOUND', `${file}: ${parameter.name}: ${problem}`, hint);
  }
}
