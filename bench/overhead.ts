/**
 * What the engine costs beside the work: the time of an experiment whose agent and trainer do nothing,
 * against a shell script that does the same steps by hand in the same repository, in one run.
 * Usage: node bench/overhead.ts [experiments, default 1000] [sandbox, default off: auto, bwrap or off]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist/src/cli.js');
const experiments = Number(process.argv[2] ?? 1000);
const sandbox = process.argv[3] ?? 'off';
const repository = mkdtempSync(join(tmpdir(), 'autoresearch-bench-'));
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd: repository }).toString();

const AGENT = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
export default {
  kind: 'agent', name: 'no-op', apiVersion: 1, description: 'Writes one line.', schema: false,
  create: () => ({
    propose(brief) {
      const score = brief.id % 50 === 0 ? 1000 - brief.id / 50 : 2000 + brief.id;
      writeFileSync(join(brief.cwd, 'train.txt'), 'score: ' + score + '\\n');
      const report = { title: 'score ' + score, hypothesis: 'none', rationale: 'none', risks: ['none'], source: 'schema' };
      return Promise.resolve({ status: 'proposed', report });
    },
  }),
};
`;

const CLOCK = `
import { appendFileSync } from 'node:fs';
export default {
  kind: 'reporter', name: 'clock', apiVersion: 1, description: 'Notes when each experiment is settled.', schema: false,
  create: () => ({
    settled(experiment) {
      const line = [experiment.id, performance.now(), process.memoryUsage().rss].join(' ') + '\\n';
      appendFileSync(process.env.BENCH_CLOCK, line);
    },
  }),
};
`;

const CONFIG = `
scope: { edit: [train.txt] }
objective: { use: single, with: { metric: score, direction: minimize } }
agent: { use: ./agent.mjs }
trainer: { use: command, with: { run: [cat, train.txt] }, timeout: 1m }
metrics: { score: { use: regex, with: { pattern: '^score: (\\S+)' } } }
reporters: [{ use: ./clock.mjs }]
budget: { experiments: ${experiments} }
`;

/** The same steps by hand: edit, commit, run, grep, append, reset. */
const SHELL = `
set -e
for i in $(seq 1 "$1"); do
  echo "score: $i" > train.txt
  git commit -qam "score $i"
  cat train.txt > run.log
  score=$(grep '^score:' run.log | cut -d' ' -f2)
  printf '%s\\t%s\\tdiscard\\n' "$i" "$score" >> results.tsv
  git reset -q --hard HEAD~1
done
`;

function sizeOf(dir: string): number {
  return Number(execFileSync('du', ['-sb', dir]).toString().split('\t')[0]);
}

function timeOf(command: string, args: readonly string[]): number {
  const runs = [0, 1, 2].map(() => {
    const start = performance.now();
    const { status } = spawnSync(command, args, { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
    return performance.now() - start;
  });
  return runs.toSorted((a, b) => a - b)[1] ?? Number.NaN;
}

/** Milliseconds an experiment took, as the median between two settled ones around number \`at\`. */
function around(times: readonly number[], at: number): number {
  const from = Math.max(1, at - 100);
  const steps = times.slice(from, at).map((time, index) => time - (times[from + index - 1] ?? Number.NaN));
  return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? Number.NaN;
}

function shellPerExperiment(): number {
  const count = 200;
  const start = performance.now();
  execFileSync('bash', ['-c', SHELL, 'bench', String(count)], {
    cwd: repository,
    env: {
      ...process.env,
      GIT_AUTHOR_NAME: 'b',
      GIT_AUTHOR_EMAIL: 'b@localhost',
      GIT_COMMITTER_NAME: 'b',
      GIT_COMMITTER_EMAIL: 'b@localhost',
    },
  });
  return (performance.now() - start) / count;
}

try {
  git('init', '-q', '-b', 'main');
  for (const [name, text] of [
    ['train.txt', 'score: 5000\n'],
    ['agent.mjs', AGENT],
    ['clock.mjs', CLOCK],
    ['autoresearch.config.yaml', CONFIG],
    ['.gitignore', 'run.log\nresults.tsv\nclock.txt\n'],
  ] as const) {
    writeFileSync(join(repository, name), text);
  }
  git('add', '-A');
  git('commit', '-qm', 'start');
  const shellBefore = shellPerExperiment();
  const sizeBefore = sizeOf(join(repository, '.git'));
  const clock = join(repository, 'clock.txt');
  execFileSync(process.execPath, [cli, 'run', '--name', 'bench', '--set', `sandbox=${sandbox}`], {
    cwd: repository,
    env: { ...process.env, BENCH_CLOCK: clock },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const shellAfter = shellPerExperiment();
  const rows = readFileSync(clock, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  const times = rows.map((row) => row[1] ?? Number.NaN);
  const memory = Math.max(...rows.map((row) => row[2] ?? 0)) / 1e6;
  const early = around(times, 200);
  const late = around(times, experiments);
  const shell = (shellBefore + shellAfter) / 2;
  const bytes = (sizeOf(join(repository, '.git')) - sizeBefore) / experiments;
  const gitLog = timeOf('git', ['log', 'refs/autoresearch/bench/ledger']);
  const table: [string, string, string][] = [
    ['shell loop, ms an experiment', shell.toFixed(1), ''],
    ['engine, ms an experiment (100 to 200)', early.toFixed(1), `${(early / shell).toFixed(2)}x the shell loop`],
    ['sandbox', sandbox, ''],
    [`engine, ms an experiment (last 100 of ${experiments})`, late.toFixed(1), `${(late / early).toFixed(2)}x the early ones`],
    ['engine memory at the end, MB', memory.toFixed(0), ''],
    ['bytes in .git an experiment', bytes.toFixed(0), ''],
    ['git log of the ledger, ms', gitLog.toFixed(0), ''],
  ];
  for (const command of [['log'], ['status'], ['log', '--json'], ['verify']]) {
    const ms = timeOf(process.execPath, [cli, ...command]);
    table.push([`autoresearch ${command.join(' ')}, ms`, ms.toFixed(0), `${(ms / gitLog).toFixed(2)}x git log`]);
  }
  const bare = timeOf(process.execPath, ['-e', '0']);
  const start = timeOf(process.execPath, [cli, '--version']);
  table.push(['node -e 0, ms', bare.toFixed(0), ''], ['autoresearch --version, ms', start.toFixed(0), `${(start / bare).toFixed(2)}x`]);
  for (const [name, value, ratio] of table) console.log(`${name.padEnd(48)} ${value.padStart(9)}  ${ratio}`);
} finally {
  rmSync(repository, { recursive: true, force: true });
}
