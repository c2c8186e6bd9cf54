import { isTest } from './imports.ts';
import { isOnPath } from './on-path.ts';
import type { Project } from './project.ts';
import { pythonOf } from './python.ts';
import { managerOf, scriptsOf } from './task-files.ts';

/** The command that runs the project's tests, as a line for a shell; null where none is found. */
export function findTests(project: Project): string | null {
  const { test } = scriptsOf(project);
  if (test !== undefined && !/no test specified/.test(test)) return [...managerOf(project), 'test'].join(' ');
  if (
    project.files.includes('Cargo.toml') &&
    project.files.some((file) => /#\[test\]/.test(file.endsWith('.rs') ? project.read(file) : ''))
  )
    return 'cargo test --quiet --release --offline';
  if (project.files.includes('go.mod') && project.files.some((file) => file.endsWith('_test.go') && /^func Test/m.test(project.read(file))))
    return 'go test ./...';
  const makefile = ['Makefile', 'makefile', 'GNUmakefile'].find((name) => project.files.includes(name));
  if (makefile !== undefined && /^(test|check)\s*:(?!=)/m.test(project.read(makefile)) && isOnPath('make')) {
    return `make -s ${/^(test|check)\s*:/m.exec(project.read(makefile))?.[1]}`;
  }
  if (project.files.some((file) => isTest(file) && file.endsWith('.py'))) return `${pythonOf(project).run.join(' ')} -m pytest -q`;
  return null;
}
