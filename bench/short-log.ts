/**
 * How large and how quick the short log is: a ledger of 10,000 experiments, written by the engine's own code, packed as the
 * engine packs it, and read by the command line.
 * Usage: node bench/short-log.ts [experiments, default 10000]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSyntheticLedger } from '../test/helpers/synthetic-ledger.ts';

const count = Number(process.argv[2] ?? 10_000);
const dir = mkdtempSync(join(tmpdir(), 'autoresearch-bench-'));
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd: dir, stdio: 'pipe' });
git('init', '--quiet');
writeFileSync(join(dir, 'train.py'), 'LR = 1\n');
git('add', '.');
git('commit', '--quiet', '-m', 'start');
await writeSyntheticLedger(dir, 'night', count);
git('gc', '--quiet');
const cli = join(import.meta.dirname, '../src/cli.ts');
const times: number[] = [];
let bytes = 0;
for (let round = 0; round < 5; round++) {
  const began = performance.now();
  bytes = execFileSync(process.execPath, [cli, 'log', 'night', '--json', '--short'], { cwd: dir, maxBuffer: 1e9 }).length;
  times.push(performance.now() - began);
}
const median = times.toSorted((a, b) => a - b)[2] ?? 0;
console.log(
  `${count} experiments: ${bytes} bytes, ${(bytes / count).toFixed(1)} each, ${(median / 1000).toFixed(2)} s (median of 5, with the start of Node)`,
);
rmSync(dir, { recursive: true });
