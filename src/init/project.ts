/** The person's project as `init` sees it: its files, and what lies beside them without being part of it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listProject } from '../git/working-copy.ts';

const MOST_FILES = 5000;
const MOST_BYTES = 512 * 1024;
/** What tools make: never part of a project, whether git knows it or not. */
const MADE =
  'node_modules .venv venv env __pycache__ target .autoresearch .tox .nox .mypy_cache .pytest_cache .ruff_cache .ipynb_checkpoints .idea .vscode .DS_Store'.split(
    ' ',
  );

export interface Project {
  readonly dir: string;
  readonly isRepository: boolean;
  /** Paths of its own files, relative to `dir`, the shallow ones first. */
  readonly files: readonly string[];
  /** Files and folders that git ignores, or would ignore in a repository. */
  readonly ignored: readonly string[];
  /** Folders that tools make and that git does not ignore: committing everything would commit them. */
  readonly unignored: readonly string[];
  /** The text of a file; empty where it cannot be read, or is too large to be code. */
  read(path: string): string;
  has(path: string): boolean;
}

export async function openProject(dir: string): Promise<Project> {
  const seen = await listProject(dir, MADE);
  const isMade = (path: string) => path.split('/').some((step) => MADE.includes(step));
  const own = seen.files.filter((path) => !isMade(path)).slice(0, MOST_FILES);
  const ignored = seen.ignored.map((path) => path.replace(/\/$/, ''));
  const texts = new Map<string, string>();
  return {
    dir,
    isRepository: seen.isRepository,
    files: own.toSorted((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1)),
    ignored,
    unignored: readdirSync(dir).filter((name) => MADE.includes(name) && !ignored.includes(name) && name !== '.autoresearch'),
    read(path) {
      const text = texts.get(path) ?? readText(join(dir, path));
      texts.set(path, text);
      return text;
    },
    has: (path) => existsSync(join(dir, path)),
  };
}

function readText(file: string): string {
  try {
    return statSync(file).size > MOST_BYTES ? '' : readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
