import picomatch from 'picomatch';

/** May a folder hold a file that one of the globs matches, itself or further down? Paths are relative, with forward slashes. */
export function createFolderRule(globs: readonly string[]): (folder: string) => boolean {
  const rules = globs.filter((glob) => !glob.startsWith('!')).map(ruleOf);
  return (folder) => rules.some((rule) => rule(folder.split('/').filter(Boolean)));
}

function ruleOf(glob: string): (steps: readonly string[]) => boolean {
  // A brace or a group may span slashes: such a glob may match anywhere below the part before it.
  const isSplit = !/[{(]/.test(glob);
  const parts = (isSplit ? glob : picomatch.scan(glob).base).split('/').filter((part) => part !== '' && part !== '.');
  const matchers = parts.map((part) => (part === '**' ? null : picomatch(part, { dot: true })));
  return (steps) => {
    for (const [at, step] of steps.entries()) {
      if (at >= matchers.length) return !isSplit;
      const matches = matchers[at];
      if (matches === null) return true;
      if (matches?.(step) !== true) return false;
    }
    return !isSplit || steps.length < matchers.length;
  };
}
