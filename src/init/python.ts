/** How Python is started in a project: through its package manager, or its virtual environment. */
import { homedir } from 'node:os';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Needs } from './candidate.ts';
import { isOnPath } from './on-path.ts';
import type { Project } from './project.ts';

export interface Python {
  readonly run: readonly string[];
  readonly needs: Needs;
  /** In words, for people. */
  readonly from: string;
}

const ENVIRONMENTS = ['.venv', 'venv', 'env', '.env'];

export function pythonOf(project: Project): Python {
  const environment = ENVIRONMENTS.find(
    (folder) => project.has(`${folder}/bin/python`) && !project.files.some((file) => file.startsWith(`${folder}/`)),
  );
  // A trial has no network, and a package manager might want to update the environment: it is used as it is.
  if (environment !== undefined)
    return { run: [`${environment}/bin/python`], needs: { link: [environment] }, from: `virtual environment ${environment}` };
  const python = isOnPath('python3') ? 'python3' : 'python';
  if (project.has('uv.lock') && isOnPath('uv'))
    return { run: ['uv', 'run', '--offline', 'python'], needs: cacheOf('~/.cache/uv'), from: 'uv' };
  if (project.has('poetry.lock') && isOnPath('poetry'))
    return { run: ['poetry', 'run', 'python'], needs: readableOf('~/.cache/pypoetry'), from: 'poetry' };
  if (project.has('Pipfile') && isOnPath('pipenv'))
    return { run: ['pipenv', 'run', 'python'], needs: readableOf('~/.local/share/virtualenvs'), from: 'pipenv' };
  if (project.has('pdm.lock') && isOnPath('pdm')) return { run: ['pdm', 'run', 'python'], needs: {}, from: 'pdm' };
  return { run: [python], needs: {}, from: python };
}

function readableOf(folder: string): Needs {
  return existsSync(join(homedir(), folder.slice(2))) ? { readable: [folder] } : {};
}

function cacheOf(folder: string): Needs {
  return existsSync(join(homedir(), folder.slice(2))) ? { writable: [folder] } : {};
}
