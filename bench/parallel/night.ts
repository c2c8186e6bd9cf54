import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SettledExperiment } from '../../src/experiment.ts';

const CLI = join(import.meta.dirname, '../../dist/src/cli.js');

export interface Night {
  readonly slots: number;
  readonly lookahead: number;
  readonly experiments: number;
  readonly trialMs: number;
  readonly agentMs: number;
  /** In place of the one that runs trials here: `use` and `with`, but for the program. */
  readonly trainer?: { readonly use: string; readonly with: object };
}

/** Sleeps, and now and then makes a gain. */
const agentOf = ({ agentMs }: Night) => `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
export default {
  kind: 'agent', name: 'sleeper', apiVersion: 1, description: 'Takes its time.', schema: false,
  create: () => ({
    async propose(brief) {
      await sleep(${agentMs});
      const score = brief.id % 10 === 0 ? 1000 - brief.id / 10 : 2000 + brief.id;
      writeFileSync(join(brief.cwd, 'train.txt'), 'score: ' + score + '\\n');
      return { status: 'proposed', report: { title: 'score ' + score, hypothesis: 'none', rationale: 'none', risks: ['none'], source: 'schema' } };
    },
  }),
};
`;

export function makeProject(night: Night): string {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-parallel-'));
  const config = {
    scope: { edit: ['train.txt'] },
    objective: { use: 'single', with: { metric: 'score', direction: 'minimize' } },
    agent: { use: './agent.mjs' },
    trainer: {
      use: night.trainer?.use ?? 'command',
      with: { ...night.trainer?.with, run: ['sh', '-c', `sleep ${night.trialMs / 1000}; cat train.txt`] },
      timeout: '5m',
    },
    metrics: { score: { use: 'regex', with: { pattern: String.raw`^score: (\S+)` } } },
    gates: [{ use: 'min-delta' }],
    reporters: [],
    sandbox: 'off',
    slots: { count: night.slots },
    lookahead: night.lookahead,
    budget: { experiments: night.experiments },
  };
  writeFileSync(join(dir, 'autoresearch.config.yaml'), JSON.stringify(config));
  writeFileSync(join(dir, 'agent.mjs'), agentOf(night));
  writeFileSync(join(dir, 'train.txt'), 'score: 1000\n');
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', ...args], { cwd: dir });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'start');
  return dir;
}

export function removeProject(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}

/** Runs the night, and reads from its record how much of the time slots were at work, from the first change to the last. */
export function measure(dir: string): {
  readonly busy: number;
  readonly gapMs: number;
  readonly experimentsPerSecond: number;
  readonly experiments: readonly SettledExperiment[];
} {
  const cli = (...args: string[]) =>
    execFileSync(process.execPath, [CLI, ...args], { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
  cli('run', '--name', 'night');
  const experiments = JSON.parse(cli('log', 'night', '--json')) as SettledExperiment[];
  const changes = experiments.filter(({ kind }) => kind === 'change');
  const trials = changes.flatMap((experiment) =>
    experiment.trials.map((trial) => ({ ...trial, from: Date.parse(trial.startedAt) / 1000 })),
  );
  const slots = Map.groupBy(trials, ({ slot }) => slot);
  // Until a slot's last trial: near the end of the budget there is nothing left for it to do.
  const shares = [...slots.values()].map((of) => {
    const from = Math.min(...of.map((trial) => trial.from));
    const to = Math.max(...of.map((trial) => trial.from + trial.seconds));
    return { work: of.reduce((sum, { seconds }) => sum + seconds, 0), wall: to - from };
  });
  const sum = (key: 'work' | 'wall') => shares.reduce((total, share) => total + share[key], 0);
  const ends = changes.map(({ settledAt }) => Date.parse(settledAt) / 1000);
  const began = Math.min(...changes.map(({ startedAt }) => Date.parse(startedAt) / 1000));
  const gapMs = (1000 * (sum('wall') - sum('work'))) / Math.max(1, trials.length - slots.size);
  return { experiments, busy: sum('work') / sum('wall'), gapMs, experimentsPerSecond: changes.length / (Math.max(...ends) - began) };
}
