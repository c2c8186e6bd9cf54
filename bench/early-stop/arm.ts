import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { SettledExperiment } from '../../src/experiment.ts';

const root = join(import.meta.dirname, '../..');
const CLI = join(root, 'dist/src/cli.js');
const run = promisify(execFile);

export interface Arm {
  /** Its project, whose packages are the text. */
  readonly cwd: string;
  readonly perHour: number;
  readonly stopped: number;
  readonly kept: number;
  /** The last proposal of the stream it settled. */
  readonly steps: number;
  /** The incumbent's commit after so many proposals of the stream. */
  incumbentAt(step: number): string;
}

interface ArmOptions {
  readonly home: string;
  readonly stream: number;
  readonly seconds: number;
  readonly withPruner: boolean;
}

/** One run of the preset over a stream, with its pruner or without; no audits, which are alike in both. */
export async function runArm({ home, stream, seconds, withPruner }: ArmOptions): Promise<Arm> {
  const cwd = join(home, withPruner ? 'with' : 'without');
  mkdirSync(home, { recursive: true });
  execFileSync(process.execPath, [CLI, 'init', cwd, '--preset', 'tiny-lm'], { cwd: home });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd });
  git('init', '-q');
  git('add', '-A');
  // Outside any repository, init has made a commit already.
  git('commit', '-q', '--allow-empty', '-m', 'start');
  const agent = {
    use: 'command',
    with: { run: [process.execPath, join(import.meta.dirname, 'agent.ts'), String(stream), join(cwd, '.git/step')] },
  };
  const settings = {
    agent: [agent],
    gates: gatesOf(withPruner),
    'budget.experiments': 100_000,
    seed: stream + 1,
    // The agent counts its steps beside the worktree.
    sandbox: 'off',
  };
  const set = Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${JSON.stringify(value)}`]);
  await run(process.execPath, [CLI, 'run', '--name', 'bench', '--time', `${seconds}s`, ...set], { cwd, maxBuffer: 1e9 });
  const { stdout } = await run(process.execPath, [CLI, 'log', 'bench', '--json'], { cwd, maxBuffer: 1e9 });
  return summaryOf(cwd, JSON.parse(stdout) as SettledExperiment[]);
}

/** What the preset says of posterior and pruner, so that what is measured is what is shipped. */
function gatesOf(withPruner: boolean): unknown[] {
  const { gates } = parse(readFileSync(join(root, 'presets/tiny-lm/preset.yaml'), 'utf8')) as { gates: { use: string }[] };
  return gates.filter(({ use }) => use === 'posterior' || (withPruner && use === 'pruner'));
}

function summaryOf(cwd: string, experiments: readonly SettledExperiment[]): Arm {
  const attempts = experiments.filter(({ id, parent, candidate }) => id > 0 && candidate !== parent);
  const kept = attempts.filter(({ verdict }) => verdict === 'keep');
  const stepOf = ({ proposal }: SettledExperiment) => Number(proposal.params?.['step'] ?? 0);
  const seconds = experiments.reduce((sum, experiment) => sum + experiment.seconds, 0);
  return {
    cwd,
    perHour: (3600 * attempts.length) / seconds,
    stopped: attempts.filter(({ reason }) => reason.code === 'HOPELESS').length,
    kept: kept.length,
    steps: Math.max(0, ...attempts.map(stepOf)),
    incumbentAt: (step) => kept.findLast((experiment) => stepOf(experiment) <= step)?.candidate ?? experiments[0]?.candidate ?? 'HEAD',
  };
}

/** What a commit reaches on seeds no run has used: the mean of as many trainings. */
export async function qualityOf({ cwd }: Arm, commit: string, seeds: readonly number[]): Promise<number> {
  execFileSync('git', ['checkout', '-q', '--force', commit], { cwd });
  let sum = 0;
  for (const seed of seeds) {
    const { stdout } = await run(process.execPath, ['train.mjs'], { cwd, env: { ...process.env, AUTORESEARCH_SEED: String(seed) } });
    sum += Number(/^val_bpb:\s+(\S+)/m.exec(stdout)?.[1]);
  }
  return sum / seeds.length;
}
