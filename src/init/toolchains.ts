/** Programs that are built before they run: Rust, Go, C and C++. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Candidate } from './candidate.ts';
import { weightOf } from './candidate.ts';
import { isTest } from './imports.ts';
import { isOnPath } from './on-path.ts';
import type { Project } from './project.ts';

export function findBuilt(project: Project): Candidate[] {
  return [...cargo(project), ...go(project), ...singleFiles(project)];
}

function cargo(project: Project): Candidate[] {
  if (!project.files.includes('Cargo.toml') || !isOnPath('cargo')) return [];
  const sources = project.files.filter((file) => file.startsWith('src/') && file.endsWith('.rs') && !file.startsWith('src/bin/'));
  const readable = ['~/.cargo/registry', '~/.cargo/git'].filter(isInHome);
  const run = ['cargo', 'run', '--quiet', '--release', '--offline'];
  const bins = project.files.filter((file) => /^src\/bin\/[^/]+\.rs$/.test(file));
  const main = project.files.includes('src/main.rs') ? [candidateOf('src/main.rs', run, 9)] : [];
  return [...main, ...bins.map((file) => candidateOf(file, [...run, '--bin', basename(file, '.rs')], weightOf(basename(file, '.rs')) + 3))];

  function candidateOf(file: string, command: readonly string[], weight: number): Candidate {
    const others = sources.filter((source) => source !== 'src/main.rs' || file === source);
    const ordered = [...others.filter((source) => source !== file), file];
    return { run: command, from: `Cargo.toml, ${file}`, file, sources: ordered, weight, needs: { readable, outputs: ['target'] } };
  }
}

function go(project: Project): Candidate[] {
  if (!project.files.includes('go.mod') || !isOnPath('go')) return [];
  const files = project.files.filter((file) => file.endsWith('.go') && !file.endsWith('_test.go'));
  const benchmarks = project.files.filter((file) => file.endsWith('_test.go') && /^func Benchmark/m.test(project.read(file)));
  // Without its cache Go builds its whole library for every trial.
  const needs = { writable: ['~/.cache/go-build'], readable: ['~/go/pkg/mod'].filter(isInHome) };
  const main = files.find((file) => /^package main\b/m.test(project.read(file)) && /^func main\(/m.test(project.read(file)));
  const sources = [...files.filter((file) => file !== main), ...(main === undefined ? [] : [main])];
  return [
    ...(main === undefined
      ? []
      : [
          {
            run: ['go', 'run', main.includes('/') ? `./${main.slice(0, main.lastIndexOf('/'))}` : '.'],
            from: 'go.mod',
            file: main,
            sources,
            weight: 8,
            needs,
          },
        ]),
    ...(benchmarks.length === 0
      ? []
      : [
          {
            run: ['go', 'test', '-run=^$', '-bench=.', './...'],
            from: `go benchmarks in ${benchmarks[0]}`,
            file: benchmarks[0] ?? null,
            sources: files,
            weight: 12,
            needs,
          },
        ]),
  ];
}

/** One C or C++ file that is a whole program, where nothing says how it is built. */
function singleFiles(project: Project): Candidate[] {
  if (project.files.some((file) => /^(GNUm|[mM])akefile$|^CMakeLists\.txt$/.test(file))) return [];
  return project.files
    .filter((file) => /\.(c|cc|cpp|cxx)$/.test(file) && !isTest(file) && /\bmain\s*\(/.test(project.read(file)))
    .flatMap((file) => {
      const compiler = file.endsWith('.c') ? 'cc' : 'c++';
      const name = basename(file, extname(file));
      if (!isOnPath(compiler)) return [];
      const line = `${compiler} -O2 -o ${name}.out ${file} -lm && ./${name}.out`;
      return [{ run: [line], shell: true, from: file, file, sources: [file], weight: weightOf(name) + 2 }];
    });
}

function isInHome(path: string): boolean {
  return existsSync(join(homedir(), path.slice(2)));
}
