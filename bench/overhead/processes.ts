import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBench, removeBench, runOf, type Setting } from './project.ts';

/** Programs started for one experiment, and those of them that are git's. */
export interface Processes {
  readonly engine: number;
  readonly engineGit: number;
  readonly shell: number;
  readonly shellGit: number;
}

const FEW = 10;
const MANY = 30;

/** Counts the programs that `execve` starts, as strace sees them: a long run's less a short one's. Null without strace. */
export function countProcesses(setting: Setting): Processes | null {
  if (spawnSync('strace', ['-V']).status !== 0) return null;
  const [few, many] = [FEW, MANY].map((experiments) => {
    const bench = makeBench(setting);
    try {
      return {
        engine: traced(bench.dir, process.execPath, runOf(bench, experiments)),
        shell: traced(bench.shellDir, 'bash', ['loop.sh', String(experiments), '0']),
      };
    } finally {
      removeBench(bench);
    }
  }) as [Record<'engine' | 'shell', Count>, Record<'engine' | 'shell', Count>];
  const perExperiment = (who: 'engine' | 'shell', what: keyof Count) => (many[who][what] - few[who][what]) / (MANY - FEW);
  return {
    engine: perExperiment('engine', 'all'),
    engineGit: perExperiment('engine', 'git'),
    shell: perExperiment('shell', 'all'),
    shellGit: perExperiment('shell', 'git'),
  };
}

interface Count {
  readonly all: number;
  readonly git: number;
}

function traced(cwd: string, command: string, args: readonly string[]): Count {
  const trace = join(cwd, '../trace');
  const { status } = spawnSync(
    'strace',
    ['-f', '-qq', '-s', '4096', '-e', 'trace=execve', '-e', 'signal=none', '-o', trace, command, ...args],
    {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (status !== 0) throw new Error(`${command} below strace ended with ${status}`);
  // A call that another process interrupts is on two lines; one that does not find its program is no start.
  const started = readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => / execve\(/.test(line) && !/ = -1 E/.test(line));
  return { all: started.length, git: started.filter((line) => /execve\("[^"]*\/git[^/"]*"/.test(line)).length };
}
