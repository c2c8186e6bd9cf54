import type { Candidate } from './candidate.ts';
import type { Project } from './project.ts';
import { findScripts } from './scripts.ts';
import { findTasks } from './task-files.ts';
import { findBuilt } from './toolchains.ts';

const MOST = 12;

/** What a trial may run, the likeliest first; a script that a task starts is offered once, as that task. */
export function findCandidates(project: Project): Candidate[] {
  const all = [...findTasks(project), ...findBuilt(project), ...findScripts(project)].filter(({ weight }) => weight > 0);
  const sorted = all.toSorted((a, b) => b.weight - a.weight);
  const first = (candidate: Candidate, index: number) =>
    sorted.findIndex(
      (other) => other.run.join(' ') === candidate.run.join(' ') || (candidate.file !== null && other.file === candidate.file),
    ) === index;
  return sorted.filter(first).slice(0, MOST);
}

/** What an agent may change: what is worked with, not what measures it; where that is one file, that file. */
export function editableOf({ sources, file }: Candidate): string[] {
  if (sources.length === 0) return file === null ? [] : [file];
  if (sources[0] === file) return [file];
  const measuring = (path: string) => path === file || /(^|\/)[\w-]*(bench|measure|eval|harness|perf)[\w-]*\.\w+$/i.test(path);
  const own = sources.filter((path) => !measuring(path));
  return own.length > 0 ? own : [...sources];
}
