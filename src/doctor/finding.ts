/** Something that a process which died has left, or that is in the way of a run. */
export interface Finding {
  readonly kind: 'git-lock' | 'run-lock' | 'process' | 'worktree' | 'import';
  readonly text: string;
  /** Clears it away; absent where that is not ours to decide, which the text explains. */
  readonly fix?: () => Promise<void>;
}
