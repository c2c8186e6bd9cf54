import type { Worktree } from '../../git/worktree.ts';
import type { Evaluator } from '../measure/evaluator.ts';
import type { Seals } from '../measure/seals.ts';

interface DeskParts {
  readonly name: string;
  readonly worktree: Worktree;
  readonly seals: Seals;
  readonly scratchDir: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Where an agent works: a worktree, a folder for its own files, and the seals that tell what it did outside. */
export class Desk {
  readonly name: string;
  readonly worktree: Worktree;
  readonly seals: Seals;
  readonly scratchDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** The commit that the worktree holds exactly; null while something may have changed in it. */
  holds: string | null = null;

  constructor({ name, worktree, seals, scratchDir, env }: DeskParts) {
    this.name = name;
    this.worktree = worktree;
    this.seals = seals;
    this.scratchDir = scratchDir;
    this.env = env;
  }

  /** Lets an agent or a trial work here. */
  work<T>(action: () => Promise<T>): Promise<T> {
    this.holds = null;
    this.seals.begin();
    return action();
  }

  /** Makes the worktree hold a commit, whatever it holds now. */
  async restore(commit: string): Promise<void> {
    this.holds = null;
    await this.worktree.restore(commit);
    this.holds = commit;
  }

  /** Makes the worktree hold a commit, if it does not already. */
  async ready(commit: string): Promise<void> {
    if (this.holds !== commit) await this.restore(commit);
  }

  /** Takes back what an agent has edited, so that the next one can begin: `prepare` makes the worktree what that starts from. */
  async startOver(prepare: () => Promise<void>): Promise<void> {
    // Before git is called, because its settings may have been changed.
    this.seals.afterProposal();
    await prepare();
    this.holds = null;
    this.seals.begin();
  }
}

/** Where one trial at a time runs. With nothing proposed ahead, an agent works here too. */
export class Slot extends Desk {
  /** Measures in a stage of its own, where the config has one. */
  readonly evaluator: Evaluator | null;

  constructor(parts: DeskParts & { readonly evaluator: Evaluator | null }) {
    super(parts);
    this.evaluator = parts.evaluator;
  }
}
