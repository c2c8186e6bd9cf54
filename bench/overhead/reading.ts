import { spawnSync } from 'node:child_process';
import { CLI, type Bench } from './project.ts';

/** What it takes to read the run's record, against `git log` of the same commits; name, ms, ratio. */
export function measureReading({ dir }: Bench): string[][] {
  const gitLog = timeOf(dir, 'git', ['log', 'refs/autoresearch/bench/ledger']);
  const bare = timeOf(dir, process.execPath, ['-e', '0']);
  const rows = [['git log of the ledger', gitLog.toFixed(0)]];
  for (const command of [['log'], ['status'], ['log', '--json'], ['verify']]) {
    const ms = timeOf(dir, process.execPath, [CLI, ...command]);
    rows.push([`autoresearch ${command.join(' ')}`, ms.toFixed(0), (ms / gitLog).toFixed(2)]);
  }
  const start = timeOf(dir, process.execPath, [CLI, '--version']);
  rows.push(['node -e 0', bare.toFixed(0)], ['autoresearch --version, by node', start.toFixed(0), (start / bare).toFixed(2)]);
  return rows;
}

function timeOf(cwd: string, command: string, args: readonly string[]): number {
  const runs = [0, 1, 2].map(() => {
    const start = performance.now();
    const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
    return performance.now() - start;
  });
  return runs.toSorted((a, b) => a - b)[1] ?? Number.NaN;
}
