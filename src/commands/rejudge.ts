import { parseOverride } from '../config/override.ts';
import { rejudgeRun } from '../analysis/rejudge-run.ts';
import type { ExitCode } from '../errors.ts';
import type { RejudgeFlags } from '../program-past.ts';
import { renderRejudgement, viewRejudgement } from '../views/rejudge.ts';
import { print, printJson, textOptions } from './read.ts';

export async function rejudge(name: string | undefined, { gate = 'posterior', set = [], sigma, json }: RejudgeFlags): Promise<ExitCode> {
  const options = Object.fromEntries(set.map(parseOverride).map(({ path, value }) => [path, value]));
  const found = await rejudgeRun({ cwd: process.cwd(), name, gate, options, ...(sigma !== undefined && { sigma }) });
  const view = viewRejudgement(found);
  if (json) printJson(view);
  else print(renderRejudgement(view, textOptions()));
  return 0;
}
