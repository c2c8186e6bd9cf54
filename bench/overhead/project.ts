import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CLI = join(import.meta.dirname, '../../dist/src/cli.js');

/** One way to run: where programs run, and whether the agent is one. */
export interface Setting {
  readonly name: string;
  readonly sandbox: 'off' | 'bwrap';
  readonly isExternal: boolean;
}

export const SETTINGS: readonly Setting[] = [
  { name: 'sandbox off, agent in the process', sandbox: 'off', isExternal: false },
  { name: 'sandbox off, agent a program', sandbox: 'off', isExternal: true },
  { name: 'bwrap, agent in the process', sandbox: 'bwrap', isExternal: false },
  { name: 'bwrap, agent a program', sandbox: 'bwrap', isExternal: true },
];

export interface Bench {
  readonly setting: Setting;
  /** The project of the engine. */
  readonly dir: string;
  /** A project with the same files, for the shell loop. */
  readonly shellDir: string;
}

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

/** The same as a program, which the shell loop starts too. It is given a number, or reads it where the engine says. */
const PROGRAM = `
n="$1"
if [ -z "$n" ]; then
  while read -r key value; do case "$key" in '"experiment":') n="\${value%,}"; break ;; esac; done < "$AUTORESEARCH_CONTEXT"
fi
case "$n" in *00 | *50) echo "score: $((1000 - n / 50))" ;; *) echo "score: $((2000 + n))" ;; esac > train.txt
`;

/** Notes when each experiment is settled; after every turn of experiments, the shell loop has its turn. */
const CLOCK = `
import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
const { BENCH_TURN, BENCH_SHELL, BENCH_CLOCK } = process.env;
let from = null;
const statOf = (pid) => {
  try {
    return readFileSync('/proc/' + pid + '/stat', 'latin1').replace(/^.*\\) /s, '').split(' ').map(Number);
  } catch {
    return [];
  }
};
// Milliseconds of this process, of those it has started and awaited, and of those it still has.
function cpu() {
  const rows = readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map(statOf).filter((row) => row[1] === process.pid);
  return [statOf(process.pid), ...rows].reduce((sum, row) => sum + (row.slice(11, 15).reduce((a, b) => a + b, 0) || 0), 0) * 10;
}
function sizes() {
  let loose = 0;
  let blocks = 0;
  for (const entry of readdirSync('.git/objects', { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    if (/^.{38}$/.test(entry.name)) loose++;
    blocks += statSync(entry.parentPath + '/' + entry.name).blocks;
  }
  return { loose, objectMb: blocks * 512 / 1e6 };
}
export default {
  kind: 'reporter', name: 'clock', apiVersion: 1, description: 'Takes turns with the shell loop.', schema: false,
  create: () => ({
    settled({ id }) {
      if (BENCH_CLOCK === undefined || id % Number(BENCH_TURN) !== 0) return;
      const before = { at: performance.now(), cpu: cpu() };
      const engine = from && { ms: before.at - from.at, cpu: before.cpu - from.cpu };
      const { status } = spawnSync('bash', ['loop.sh', BENCH_TURN, id], { cwd: BENCH_SHELL, stdio: ['ignore', 'ignore', 'inherit'] });
      if (status !== 0) throw new Error('the shell loop ended with ' + status);
      const shell = { ms: performance.now() - before.at, cpu: cpu() - before.cpu };
      appendFileSync(BENCH_CLOCK, JSON.stringify({ engine, shell, rss: process.memoryUsage().rss, ...sizes() }) + '\\n');
      from = { at: performance.now(), cpu: cpu() };
    },
  }),
};
`;

const configOf = ({ isExternal }: Setting) => `
scope: { edit: [train.txt] }
objective: { use: single, with: { metric: score, direction: minimize } }
agent: ${isExternal ? '{ use: command, with: { run: [sh, agent.sh] } }' : '{ use: ./agent.mjs }'}
trainer: { use: command, with: { run: [cat, train.txt] }, timeout: 1m }
metrics: { score: { use: regex, with: { pattern: '^score: (\\S+)' } } }
reporters: [{ use: ./clock.mjs }]
`;

/** The same steps by hand: edit, commit, run, grep, append, reset. */
const loopOf = ({ isExternal }: Setting) => `
set -e
export GIT_AUTHOR_NAME=b GIT_AUTHOR_EMAIL=b@localhost GIT_COMMITTER_NAME=b GIT_COMMITTER_EMAIL=b@localhost
for i in $(seq 1 "$1"); do
  i=$((i + $2))
  ${isExternal ? 'sh agent.sh "$i"' : 'echo "score: $i" > train.txt'}
  git commit -qam "score $i"
  cat train.txt > run.log
  score=$(grep '^score:' run.log | cut -d' ' -f2)
  printf '%s\\t%s\\tdiscard\\n' "$i" "$score" >> results.tsv
  git reset -q --hard HEAD~1
done
`;

export function makeBench(setting: Setting): Bench {
  const home = mkdtempSync(join(tmpdir(), 'autoresearch-bench-'));
  const bench = { setting, dir: join(home, 'engine'), shellDir: join(home, 'shell') };
  for (const dir of [bench.dir, bench.shellDir]) {
    mkdirSync(dir);
    const files = {
      'train.txt': 'score: 5000\n',
      'agent.mjs': AGENT,
      'agent.sh': PROGRAM,
      'clock.mjs': CLOCK,
      'loop.sh': loopOf(setting),
      'autoresearch.config.yaml': configOf(setting),
      '.gitignore': 'run.log\nresults.tsv\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', ...args], { cwd: dir });
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-qm', 'start');
  }
  return bench;
}

export function removeBench({ dir }: Bench): void {
  // The shell loop's git may still be packing in the background.
  rmSync(join(dir, '..'), { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

/** The command that runs so many experiments. */
export function runOf({ setting }: Bench, experiments: number): string[] {
  return [CLI, 'run', '--name', 'bench', '--set', `sandbox=${setting.sandbox}`, '--set', `budget.experiments=${experiments}`];
}
