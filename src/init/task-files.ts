/** Commands that a project has given names: in package.json, pyproject.toml, a Makefile or a justfile. */
import type { Candidate } from './candidate.ts';
import { weightOf } from './candidate.ts';
import { isTest, localImports } from './imports.ts';
import { isOnPath } from './on-path.ts';
import type { Project } from './project.ts';
import { sourcesOf } from './scripts.ts';

/** A task has been given its name on purpose, which a file may have by chance. */
const NAMED = 4;

export function findTasks(project: Project): Candidate[] {
  return [...packageScripts(project), ...makeTargets(project), ...justRecipes(project), ...pyprojectTasks(project)].filter(
    ({ weight }) => weight > NAMED + 1,
  );
}

function packageScripts(project: Project): Candidate[] {
  const scripts = scriptsOf(project);
  const manager = managerOf(project);
  return Object.entries(scripts).map(([name, line]) => {
    const [, file] = /^(?:node|tsx|bun|deno run)(?: --?[\w=-]+)* (\S+\.[cm]?[jt]s)(?=\s|$)/.exec(line) ?? [];
    const isFile = file !== undefined && project.files.includes(file.replace(/^\.\//, ''));
    // Started directly it has one process less, and no banner.
    const isPlain = /^node [\w./-]+$/.test(line) && isFile;
    return {
      run: isPlain ? ['node', file] : [...manager, name],
      from: `package.json, script ${name}`,
      file: isFile ? file.replace(/^\.\//, '') : null,
      sources: isFile ? sourcesOf(project, file.replace(/^\.\//, ''), name) : namedFiles(project, line),
      weight: weightOf(name) + NAMED,
    };
  });
}

export function scriptsOf(project: Project): Record<string, string> {
  if (!project.files.includes('package.json')) return {};
  try {
    const { scripts } = JSON.parse(project.read('package.json')) as { scripts?: unknown };
    const entries = typeof scripts === 'object' && scripts !== null ? Object.entries(scripts) : [];
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}

export function managerOf(project: Project): string[] {
  if (project.has('pnpm-lock.yaml') && isOnPath('pnpm')) return ['pnpm', '--silent', 'run'];
  if (project.has('yarn.lock') && isOnPath('yarn')) return ['yarn', 'run'];
  if ((project.has('bun.lock') || project.has('bun.lockb')) && isOnPath('bun')) return ['bun', 'run'];
  return ['npm', 'run', '--silent'];
}

function makeTargets(project: Project): Candidate[] {
  const file = ['Makefile', 'makefile', 'GNUmakefile'].find((name) => project.files.includes(name));
  if (file === undefined || !isOnPath('make')) return [];
  const text = project.read(file);
  return [...text.matchAll(/^([A-Za-z][\w.-]*)\s*:(?!=)([^\n]*)\n((?:\t[^\n]*\n?|[ \t]*\n)*)/gm)].map(
    ([, name = '', needs = '', recipe = '']) => ({
      run: ['make', '-s', name],
      from: `${file}, target ${name}`,
      file: null,
      sources: namedFiles(project, `${needs} ${recipe}`, text),
      // A target that has no recipe, or makes a file, is no command.
      weight: recipe.trim() === '' ? 0 : weightOf(name) + NAMED - (makesFile(name, recipe) ? 3 : 0),
    }),
  );
}

function makesFile(name: string, recipe: string): boolean {
  return recipe.includes('$@') || new RegExp(`-o ${name}\\b`).test(recipe);
}

function justRecipes(project: Project): Candidate[] {
  const file = ['justfile', 'Justfile', '.justfile'].find((name) => project.files.includes(name));
  if (file === undefined || !isOnPath('just')) return [];
  return [...project.read(file).matchAll(/^([a-z][\w-]*)[^:\n=]*:(?!=)[^\n]*\n((?:[ \t]+[^\n]*\n?)*)/gm)].map(
    ([, name = '', recipe = '']) => ({
      run: ['just', '--quiet', name],
      from: `${file}, recipe ${name}`,
      file: null,
      sources: namedFiles(project, recipe),
      weight: weightOf(name) + NAMED,
    }),
  );
}

function pyprojectTasks(project: Project): Candidate[] {
  if (!project.files.includes('pyproject.toml')) return [];
  const text = project.read('pyproject.toml');
  const runners: readonly (readonly [string, readonly string[], string])[] = [
    ['tool.poe.tasks', ['poe', '-q'], 'poe'],
    ['tool.pdm.scripts', ['pdm', 'run'], 'pdm'],
    ['tool.hatch.envs.default.scripts', ['hatch', 'run'], 'hatch'],
  ];
  return runners.flatMap(([section, run, program]) => {
    if (!isOnPath(program)) return [];
    const body = text.split(`[${section}]`)[1]?.split(/^\[/m)[0] ?? '';
    return [...body.matchAll(/^([\w-]+)\s*=\s*(.+)$/gm)].map(([, name = '', line = '']) => ({
      run: [...run, name],
      from: `pyproject.toml, ${section}.${name}`,
      file: null,
      sources: namedFiles(project, line),
      weight: weightOf(name) + NAMED,
    }));
  });
}

/** Files of the project that a command names, as they are or as what is made of them; what loads them comes after what they load. */
function namedFiles(project: Project, line: string, all = line): string[] {
  const named = (text: string) => {
    const words: readonly string[] = text.match(/[\w./-]+/g) ?? [];
    return project.files.filter((file) => /\.\w+$/.test(file) && !isTest(file) && words.some((word) => word.replace(/^\.\//, '') === file));
  };
  const direct = named(line);
  const found = direct.length > 0 ? direct : named(all);
  const sources = found.filter((file) => !/\.(md|json|ya?ml|toml|txt|csv|lock)$/.test(file));
  const isHeader = (file: string) => /\.(h|hpp)$/.test(file);
  const loaded = sources.filter((file) => !isHeader(file)).flatMap((file) => localImports(project, file));
  const known = [...new Set([...sources, ...loaded])];
  const stem = (file: string) => file.replace(/\.\w+$/, '');
  // A header only declares what the source beside it does.
  const code = known.filter((file) => !isHeader(file) || !known.some((other) => other !== file && stem(other) === stem(file)));
  const isMeasuring = (file: string) => /bench|measure|eval|harness|perf|timing/i.test(file);
  return code.toSorted((a, b) => Number(isMeasuring(a)) - Number(isMeasuring(b)));
}
