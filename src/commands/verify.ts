import { recomputeRun } from '../analysis/recompute-run.ts';
import type { ExitCode } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import { findRun } from '../ledger/find-run.ts';
import { verifyRun } from '../ledger/verify.ts';
import type { ReadFlags } from './read.ts';
import { print, printJson } from './read.ts';

export async function verify(name: string | undefined, flags: ReadFlags): Promise<ExitCode> {
  const { git } = await openRepository(process.cwd());
  const run = await findRun(git, name);
  const { entries, experiments, problems: found } = await verifyRun(git, run);
  const recomputed = flags.recompute ? await recomputeRun(process.cwd(), run) : null;
  const problems = [...found, ...(recomputed?.problems ?? [])];
  if (flags.json) printJson({ run, entries, experiments, ...(recomputed && { recomputed: recomputed.checked }), problems });
  else if (problems.length > 0) print(problems.join('\n'));
  else {
    const again = recomputed ? `; ${recomputed.checked} scores and their judgements recomputed, all the same` : '';
    print(`${run}: ${experiments} experiments in ${entries} entries; chain, records, candidates and branch agree${again}`);
  }
  return problems.length === 0 ? 0 : 1;
}
