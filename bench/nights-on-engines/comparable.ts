/** Where and when a trial ran, how long it took, and attempts lost before it. `key` depends on the parent's commit, and so on the time. */
const OWN = ['slot', 'hardware', 'startedAt', 'settledAt', 'at', 'seconds', 'peakMemoryMb', 'lost', 'key'];

/** Records without what depends on the place and the time; commits, whose ids depend on the time, stand as the ids of their files. */
export function comparable(records: readonly object[], treeOf: (commit: string) => string): unknown[] {
  const commits = new Map<string, string>();
  const fileIds = (text: string) => {
    if (!commits.has(text)) commits.set(text, treeOf(text));
    return `the files ${commits.get(text)}`;
  };
  return JSON.parse(JSON.stringify(records), (name, value: unknown) => {
    if (OWN.includes(name)) return undefined;
    return typeof value === 'string' && /^[0-9a-f]{40}$/.test(value) ? fileIds(value) : value;
  }) as unknown[];
}

/** The first place where two lists of records differ, as a path with both values; null where they do not. */
export function firstDifference(here: unknown, there: unknown, path = ''): string | null {
  if (typeof here === 'object' && here !== null && typeof there === 'object' && there !== null) {
    const names = new Set([...Object.keys(here), ...Object.keys(there)]);
    for (const name of names) {
      const found = firstDifference((here as Record<string, unknown>)[name], (there as Record<string, unknown>)[name], `${path}/${name}`);
      if (found !== null) return found;
    }
    return null;
  }
  return Object.is(here, there) ? null : `${path}: ${JSON.stringify(here)} here, ${JSON.stringify(there)} there`;
}
