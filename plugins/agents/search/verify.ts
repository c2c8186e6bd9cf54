import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findConstant, setConstant } from '../../../src/agent.ts';
import type { Preflight, Scalar } from '../../../src/plugin.ts';
import { problemOfValue, problemsOf, toParameters, type Parameter, type ParameterOptions } from './parameter.ts';
import { fromUnit } from './space.ts';
import { valueFor } from './values.ts';

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
      const copy = await readFile(join(preflight.projectDir, file), 'utf8').catch(() => text);
      verifyFile({ file, text, copy }, options, preflight);
    }
  }
}

/** `copy` is the file in the user's folder; `text` is its committed version, which a run works on. */
function verifyFile(
  { file, text, copy }: { file: string; text: string; copy: string },
  options: readonly ParameterOptions[],
  preflight: Preflight,
): void {
  for (const parameter of toParameters(options).filter((one) => one.file === file)) {
    const problem = problemIn(text, parameter);
    if (problem === null) continue;
    if (copy !== text && problemIn(copy, parameter) === null) {
      const message = `${file}: ${parameter.name}: your copy of the file has it, but the commit the run starts from does not`;
      preflight.problem('EDIT_FILE_NOT_COMMITTED', message, `git add ${file} && git commit`);
      continue;
    }
    const hint = `give ${parameter.name} one plain value in one place, or say where it is with pattern: '…(…)…', whose one group is the value`;
    preflight.problem('PARAMETER_NOT_FOUND', `${file}: ${parameter.name}: ${problem}`, hint);
  }
}

function problemIn(text: string, parameter: Parameter): string | null {
  const { file, name, pattern } = parameter;
  const found = findConstant(file, text, name, pattern);
  if ('problem' in found) return found.problem;
  const problem = problemOfValue(parameter, valueFor(parameter, found.value));
  if (problem !== null) return problem;
  // Finds values that cannot be written, such as 0.5 for a number with an integer suffix, before the run instead of during it.
  for (const value of extremes(parameter)) {
    try {
      setConstant(file, text, name, value, pattern);
    } catch (error) {
      return (error as Error).message.slice(`${file}: ${name}: `.length);
    }
  }
  return null;
}

function extremes(parameter: Parameter): readonly Scalar[] {
  if (parameter.kind === 'categorical') return parameter.values;
  return [parameter.low, parameter.high, fromUnit(parameter, 0.437)];
}
