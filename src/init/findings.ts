/** What `init` found in a project, before it asks anything. */
import { join } from 'node:path';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { namesEntry } from '../preflight/named-files.ts';
import { findAgents, type FoundAgents } from './agents.ts';
import { findCandidates } from './candidates.ts';
import type { Candidate } from './candidate.ts';
import { printedIn } from './printed-in-source.ts';
import type { Printed } from './printed.ts';
import { openProject, type Project } from './project.ts';
import { findTests } from './tests.ts';
import { tunablesOf } from './tunables.ts';

export interface Findings {
  readonly candidates: readonly Candidate[];
  readonly tests: string | null;
}

export function inspect(project: Project): Findings {
  return { candidates: findCandidates(project), tests: findTests(project) };
}

/** The figures that a candidate's files would print. */
export function figuresInSource(project: Project, { file, sources }: Pick<Candidate, 'file' | 'sources'>): Printed[] {
  const files = [...new Set([...(file === null ? [] : [file]), ...sources])];
  return files.flatMap((path) => printedIn(project.read(path)));
}

export function agentsFor(project: Project, edit: readonly string[]): FoundAgents {
  return findAgents(tunablesOf(project, edit));
}

/** What git ignores and the candidate's files name: data, most often. */
export function ignoredThatIsNamed(project: Project, { file, sources }: Pick<Candidate, 'file' | 'sources'>): string[] {
  const lines = [...new Set([...(file === null ? [] : [file]), ...sources])].flatMap((path) => project.read(path).split('\n'));
  return project.ignored.filter((entry) => namesEntry(lines, entry));
}

/** What the trial has left in the folder, and programs that were there already. */
export async function outputsOf(before: Project): Promise<string[]> {
  const after = await openProject(before.dir);
  const isNew = (path: string) => !before.files.includes(path) && !/(^|\/)([\w-]+\.lock|go\.sum|[\w-]+-lock\.(json|yaml))$/.test(path);
  return [...new Set([...after.files.filter(isNew), ...builtPrograms(after)])].filter((path) => !path.startsWith('autoresearch.'));
}

/** Programs that lie in the project as they were built: a commit must not hold them, or a trial would run the old one. */
function builtPrograms({ dir, files }: Pick<Project, 'dir' | 'files'>): string[] {
  return files.filter(
    (path) => !/\.(\w*sh|py|[cm]?[jt]s|c|h|cpp|rs|go|md|txt|json|ya?ml|toml|csv)$/.test(path) && isBinary(join(dir, path)),
  );
}

function isBinary(file: string): boolean {
  const start = Buffer.alloc(4);
  try {
    if ((statSync(file).mode & 0o111) === 0) return false;
    const handle = openSync(file, 'r');
    try {
      readSync(handle, start, 0, 4, 0);
    } finally {
      closeSync(handle);
    }
  } catch {
    return false;
  }
  return ['7f454c46', 'cffaedfe', 'feedfacf', 'cafebabe'].includes(start.toString('hex'));
}
