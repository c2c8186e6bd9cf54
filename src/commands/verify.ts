import type { ExitCode } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import { findRun } from '../ledger/read.ts';
import { verifyRun } from '../ledger/verify.ts';
import type { ReadFlags } from '../program.ts';
import { print, printJson } from './read.ts';

export async function verify(run: string | undefined, flags: ReadFlags): Promise<ExitCode> {
  const { git } = await openRepository(process.cwd());
  const result = await verifyRun(git, await findRun(git, run));
  const { entries, experiments, problems } = result;
  if (flags.json) printJson(result);
  else if (problems.length === 0) print(`${result.run}: ${experiments} experiments in ${entries} entries; chain, records, candidates and branch agree`);
  else print(problems.join('\n'));
  return problems.length === 0 ? 0 : 1;
}
