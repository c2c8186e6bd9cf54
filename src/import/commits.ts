import { AutoresearchError } from '../errors.ts';
import type { Git } from '../git/git.ts';

/** A commit of the log that the repository has. */
export interface KnownCommit {
  readonly id: string;
  /** Null for the first commit of all. */
  readonly parent: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The commits of the log that the repository has, by their ids in the log. Starts two git processes. */
export async function findCommits(git: Git, written: readonly string[]): Promise<Map<string, KnownCommit>> {
  const ids = [...new Set(written)];
  const answers = (await git.run(['cat-file', '--batch-check'], { input: ids.map((id) => `${id}^{commit}\n`).join('') })).split('\n');
  const full = new Map<string, string>();
  ids.forEach((id, index) => {
    const found = /^([0-9a-f]{40,64}) commit \d+$/.exec(answers[index] ?? '')?.[1];
    if (found !== undefined) full.set(id, found);
  });
  if (full.size === 0) return new Map();
  const facts = await git.run(['log', '--no-walk=unsorted', '--stdin', '--format=%H %ct %P'], {
    input: [...new Set(full.values())].map((id) => `${id}\n`).join(''),
  });
  const known = new Map(facts.split('\n').filter(Boolean).map(read));
  return new Map([...full].flatMap(([id, commit]) => (known.has(commit) ? [[id, known.get(commit) as KnownCommit]] : [])));
}

function read(line: string): [string, KnownCommit] {
  const [id = '', seconds = '', parent = null] = line.split(' ');
  return [id, { id, parent, at: new Date(Number(seconds) * 1000).toISOString() }];
}

/** The commit a branch is at; USAGE where there is no such branch. */
export async function tipOfBranch(git: Git, branch: string): Promise<string> {
  const { code, out } = await git.ask(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`], { accept: [1, 128] });
  if (code === 0) return out.trim();
  throw new AutoresearchError('USAGE', `there is no branch "${branch}"`, {
    hint: 'git branch --all lists them; without --branch only the numbers are imported',
  });
}
