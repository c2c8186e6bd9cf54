import type { CommittedExperiment, Reason } from '../../experiment.ts';
import type { Worktree } from '../../git/worktree.ts';
import { createPathRule } from '../../scope.ts';
import { isHarmlessChange } from '../../seals/git-config.ts';
import { Seal } from '../../seals/seal.ts';
import { listed, type SharedSeals, type Suspicion } from './shared-seals.ts';

const HINT = 'list it under workspace.outputs where the trainer is meant to write it';

/**
 * Finds forbidden changes by the agent or the trial that worked in one worktree, with or without a sandbox that should
 * prevent them, and restores the original. If the sandbox had made the file read-only, a process outside the run has changed it.
 */
export class Seals {
  readonly #shared: SharedSeals;
  readonly #worktree: Worktree;
  readonly #mayEdit: (path: string) => boolean;
  readonly #git: Seal | null;

  constructor(shared: SharedSeals, worktree: Worktree) {
    this.#shared = shared;
    this.#worktree = worktree;
    this.#mayEdit = createPathRule(shared.config.scope);
    this.#git = shared.isOpen ? new Seal(worktree.ownSteeringFiles(), { isSame: (_path, a, b) => isHarmlessChange(a, b) }) : null;
  }

  /** An agent or a trial starts to work here. */
  begin(): void {
    this.#shared.begin(this);
  }

  /** It has come to nothing, and nothing is looked at. */
  end(): void {
    this.#shared.end(this);
  }

  /** After a proposal: the scope gate checks the files of the worktree. An agent is not blamed for what a trial beside it may have done. */
  afterProposal(): Reason | null {
    const reason = this.#outside('the agent ran');
    return reason?.isUnsure ? null : reason;
  }

  async afterTrial({ candidate, parent, id }: CommittedExperiment): Promise<Suspicion | null> {
    // Git's own configuration is checked before git is used.
    const isBaseline = id === 0 && candidate === parent;
    if (isBaseline) this.#shared.renewData();
    const outside = this.#outside('the trial ran');
    await this.#shared.tellOfPersonsOwn();
    const touched = (await this.#worktree.touched(candidate)).filter((path) => !this.#mayEdit(path));
    if (touched.length > 0) return tampered(touched, 'the trial ran', isBaseline ? HINT : undefined);
    return outside;
  }

  #outside(when: string): Suspicion | null {
    const own = this.#shared.mend([this.#git], when);
    return own ?? this.#shared.check(this, when);
  }
}

function tampered(paths: readonly string[], when: string, hint?: string): Reason {
  return { code: 'TAMPERED', text: [`${listed(paths)} changed while ${when}`, hint].filter(Boolean).join('; ') };
}
