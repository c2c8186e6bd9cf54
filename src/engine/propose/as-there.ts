import type { ProposedExperiment } from '../../experiment.ts';
import { openGit } from '../../git/git.ts';
import type { Worktree } from '../../git/worktree.ts';

interface Same {
  readonly candidate: string;
  readonly facts: ProposedExperiment;
}

/**
 * What another node has found, as the commit that it has there, where that is a change of the same commit: so those who follow it
 * go on from the same one. `whole` where all files are as they are there. For any other change, `made`.
 */
export async function asThere({ dir }: Pick<Worktree, 'dir'>, facts: ProposedExperiment, made: string): Promise<Same> {
  const there = facts.moved?.at(-1)?.candidate;
  if (facts.origin === undefined || there === undefined) return { candidate: made, facts };
  const out = await openGit(dir).run(['rev-parse', `${made}^{tree}`, `${there}^{tree}`, `${there}^@`]);
  const [here, foreign, ...parents] = out.trim().split('\n');
  if (here !== foreign) return { candidate: made, facts };
  if (parents.join() !== facts.parent) return { candidate: made, facts: { ...facts, whole: true } };
  // It was not moved.
  const { moved: _moved, ...rest } = facts;
  return { candidate: there, facts: { ...rest, whole: true } };
}
