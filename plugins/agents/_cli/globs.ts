/** Translates the globs of the scope into the rule languages of agents. These rules only save useless work: the real protection is the check of the diff. */

/**
 * A regular expression for the paths of a glob, without groups, which some agents refuse. Where a glob says more than
 * `*`, `**` and `?` can, the expression lets more through.
 */
export function patternOf(glob: string): string {
  const parts = glob.split(/(\*\*\/?|\*|\?|\{[^}]*\}|\[[^\]]*\]|[!+@]\([^)]*\))/);
  return parts.map((part, index) => (index % 2 === 0 ? escape(part) : part === '*' ? '[^"/]*' : part === '?' ? '[^"/]' : '[^"]*')).join('');
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
