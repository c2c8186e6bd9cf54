/** Scripts that an interpreter runs. */
import { basename, extname } from 'node:path';
import type { Candidate } from './candidate.ts';
import { weightOf } from './candidate.ts';
import { isTest, localImports } from './imports.ts';
import { isOnPath } from './on-path.ts';
import type { Project } from './project.ts';
import { printedIn } from './printed-in-source.ts';
import { pythonOf } from './python.ts';

const INTERPRETERS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['node'],
  '.mjs': ['node'],
  '.cjs': ['node'],
  '.ts': ['node'],
  '.mts': ['node'],
  '.sh': ['sh'],
  '.bash': ['bash'],
  '.R': ['Rscript'],
  '.jl': ['julia'],
  '.rb': ['ruby'],
  '.pl': ['perl'],
  '.php': ['php'],
  '.lua': ['lua'],
};

export function findScripts(project: Project): Candidate[] {
  return project.files
    .filter((file) => !isTest(file) && !/(^|\/)(docs?|examples?|scripts\/release)\//.test(file))
    .flatMap((file) => scriptOf(project, file));
}

function scriptOf(project: Project, file: string): Candidate[] {
  const ending = extname(file);
  const name = basename(file, ending);
  const weight = weightOf(name);
  const text = project.read(file);
  const prints = printedIn(text).length > 0;
  // A library is no trial; a script called train is one even where it prints through a logger.
  if (weight === 0 || (!prints && weight < 7)) return [];
  const depth = file.split('/').length - 1;
  const common = { file, from: file, weight: weight + (prints ? 3 : 0) - depth, sources: sourcesOf(project, file, name) };
  if (ending === '.py') {
    const { run, needs } = pythonOf(project);
    return [{ ...common, ...startOf(project, file, run), needs }];
  }
  const start = ending === '.sh' && /^#!.*\bbash/.test(text) ? ['bash'] : INTERPRETERS[ending];
  const [program] = start ?? [];
  return start === undefined || program === undefined || !isOnPath(program) ? [] : [{ ...common, run: [...start, file] }];
}

/**
 * A file of a package can import its neighbours only when it is started as a module; for packages below a folder such as src,
 * that folder goes on PYTHONPATH.
 */
function startOf(project: Project, file: string, python: readonly string[]): Pick<Candidate, 'run' | 'shell'> {
  const steps = file.split('/');
  const isPackage = (depth: number) => depth > 0 && project.files.includes([...steps.slice(0, depth), '__init__.py'].join('/'));
  let top = steps.length - 1;
  while (isPackage(top)) top--;
  if (top === steps.length - 1) return { run: [...python, file] };
  const module = [...steps.slice(top, -1), basename(file, '.py')].join('.');
  if (top === 0) return { run: [...python, '-m', module] };
  return { run: [`PYTHONPATH=${steps.slice(0, top).join('/')} ${python.join(' ')} -m ${module}`], shell: true };
}

/** The modules that a measuring script loads are what is to be improved; if it loads none, it is the script itself. */
export function sourcesOf(project: Project, file: string, name: string): string[] {
  const loaded = localImports(project, file);
  return /train|fit|model|main|experiment/i.test(name) ? [file, ...loaded] : [...loaded, file];
}
