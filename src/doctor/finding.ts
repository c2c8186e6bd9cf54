/** Something that a crashed process has left, or that blocks a run. */
export interface Finding {
  readonly kind: 'git-lock' | 'run-lock' | 'process' | 'worktree' | 'import' | 'job';
  readonly text: string;
  /** Removes it; absent if only the user may remove it, which the text explains. */
  readonly fix?: () => Promise<void>;
}
