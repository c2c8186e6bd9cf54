/** Is the change of a git config one that the user's own git makes by the way, and that starts no program? */
export function isHarmlessChange(before: Buffer, after: Buffer): boolean {
  return withoutBranches(before.toString('latin1')) === withoutBranches(after.toString('latin1'));
}

/** Upstream branches are harmless; everything else in a git config can make git start a program. */
function withoutBranches(config: string): string {
  const sections = config.split(/^(?=\s*\[)/m);
  return sections.filter((section) => !/^\s*\[branch "[^"\]]*"\]\s*$/m.test(section.split('\n')[0] ?? '')).join('');
}
