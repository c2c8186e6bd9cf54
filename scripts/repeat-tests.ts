/**
 * Runs tests again and again, and lists those that fail now and then.
 * Usage: node scripts/repeat-tests.ts 20 [--busy 2] [--project core] [FILE…]
 * --busy N keeps N processes busy beside every second run; without files, the whole project runs. Property tests get
 * another seed in each run, the number of the run: PROPERTY_SEED=7 repeats the seventh.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { busy: { type: 'string', default: '0' }, project: { type: 'string', default: 'core' } },
});
const [times, busy] = [Number(positionals[0]), Number(values.busy)];
const files = positionals.slice(1);
if (!Number.isInteger(times) || times < 1 || !Number.isInteger(busy) || busy < 0)
  throw new Error('usage: node scripts/repeat-tests.ts TIMES [--busy PROCESSES] [--project NAME] [FILE…]');

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'repeat-tests-'));
/** How often each test failed. */
const failures = new Map<string, number>();

try {
  for (let number = 1; number <= times; number++) {
    // Every second run is a quiet one, so that load can be told from other causes.
    const isBusy = busy > 0 && number % 2 === 0;
    const { failed, total, seconds } = runOnce(number, isBusy ? busy : 0);
    const beside = isBusy ? ` beside ${busy} busy processes` : '';
    console.log(`run ${number} of ${times}${beside}: ${total} tests, ${failed.length} failed, ${seconds.toFixed(0)} s`);
    for (const [name, message] of failed) {
      console.log(`  ${name}${failures.has(name) ? '' : `\n${message}`}`);
      failures.set(name, (failures.get(name) ?? 0) + 1);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

for (const [name, count] of [...failures].sort(([, a], [, b]) => b - a)) console.log(`\nfailed ${count} of ${times}: ${name}`);
console.log(failures.size === 0 ? `\n${times} runs, no failure` : `\n${times} runs, ${failures.size} tests failed at least once`);
process.exitCode = failures.size === 0 ? 0 : 1;

function runOnce(seed: number, busyProcesses: number) {
  const out = join(folder, 'report.json');
  rmSync(out, { force: true });
  const loads = Array.from({ length: busyProcesses }, startLoad);
  const started = performance.now();
  const args = ['vitest', 'run', '--project', values.project, '--reporter=json', `--outputFile=${out}`, ...files];
  const env = { ...process.env, PROPERTY_SEED: `${seed}` };
  const { stderr } = spawnSync('npx', args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  for (const load of loads) load.kill('SIGKILL');
  const seconds = (performance.now() - started) / 1000;
  const report = readReport(out, stderr);
  return { failed: failuresOf(report), total: report.numTotalTests, seconds };
}

function startLoad(): ChildProcess {
  // It ends with this process, also where that is killed.
  const code =
    'const parent = process.ppid; setInterval(() => process.ppid === parent || process.exit(), 500); setImmediate(function spin() { for (let i = 0; i < 1e7; i++); setImmediate(spin); });';
  return spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
}

function readReport(file: string, stderr: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch (error) {
    throw new Error(`the test runner wrote no report:\n${stderr.slice(-4000)}`, { cause: error });
  }
}

function failuresOf({ testResults }: Report): [name: string, message: string][] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    // A file that could not be loaded has no tests.
    if (failed.length === 0 && status === 'failed') return [[file, message]];
    return failed.map(({ fullName, failureMessages }): [string, string] => [`${file} > ${fullName}`, failureMessages?.[0] ?? message]);
  });
}
