/** Runs that are killed over and over and resumed, and what must not happen meanwhile. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftInFlight, randomFrom } from './kills.ts';
import type { TestRepo } from './repo.ts';
import { startCli } from './run-cli.ts';

/** What a kill is aimed by. */
export interface Aim {
  readonly runDir: string;
  /** How long a whole run takes here, without kills. */
  readonly wholeMs: number;
  readonly random: () => number;
  readonly kill: () => void;
}

export interface KillPlan {
  readonly kills: number;
  readonly seed: number;
  /** Where the agent writes down its calls: a line `asked RUN ID` for each proposal that it is asked for. */
  readonly calls: string;
  /** Kills the session once, some time later; gives what calls that off. */
  readonly aim: (aim: Aim) => () => void;
  /** Where in an experiment a kill fell, by what it has left. */
  readonly momentOf: (runDir: string, calls: readonly string[], run: string) => string;
}

export interface KilledRuns {
  readonly runs: readonly string[];
  readonly kills: number;
  /** What the write-ahead files named after a kill: the commit by `RUN ID`, null for a proposal without one. */
  readonly durable: ReadonlyMap<string, string | null>;
  /** Proposals asked for again although they were written down, and runs that ended badly. The first ends all. */
  readonly problems: readonly string[];
  /** How many kills fell into which moment. */
  readonly moments: Readonly<Record<string, number>>;
}

export const runDirOf = (repo: TestRepo, run: string): string => join(repo.dir, '.autoresearch', run);

/** One run after the other, each to its end, until there were so many kills. The first run is left alone, to see how long one takes. */
export async function killRuns(repo: TestRepo, plan: KillPlan): Promise<KilledRuns> {
  const random = randomFrom(plan.seed);
  const callsSoFar = () => (existsSync(plan.calls) ? readFileSync(plan.calls, 'utf8').trim().split('\n') : []);
  const has = (run: string) => repo.git('for-each-ref', `refs/autoresearch/${run}/ledger`) !== '';
  const runs: string[] = [];
  const durable = new Map<string, string | null>();
  const problems: string[] = [];
  const moments: Record<string, number> = {};
  let kills = 0;
  let wholeMs = 0;
  for (let isOver = true; (kills < plan.kills || !isOver) && problems.length === 0;) {
    if (isOver) runs.push(`run${runs.length}`);
    const run = runs.at(-1) ?? '';
    const runDir = runDirOf(repo, run);
    const callsBefore = callsSoFar().length;
    const started = performance.now();
    const cli = startCli(has(run) ? ['resume', run] : ['run', '--name', run], { cwd: repo.dir });
    const kill = () => cli.child.kill('SIGKILL');
    const callOff = kills < plan.kills && wholeMs > 0 ? plan.aim({ runDir, wholeMs, random, kill }) : () => {};
    const { code, signal, stderr } = await cli.ended;
    callOff();
    const again = callsSoFar()
      .slice(callsBefore)
      .filter((line) => line.startsWith('asked') && durable.has(line.slice('asked '.length)));
    problems.push(...again.map((line) => `${line} although it was written down`));
    // Git ends by itself what it has begun, so the run may be there a moment after its kill.
    isOver = signal === null && !stderr.includes('RUN_EXISTS');
    wholeMs ||= performance.now() - started;
    if (isOver && code !== 0) problems.push(`${run} ended with ${code}: ${stderr}`);
    if (signal !== null) {
      kills++;
      const moment = plan.momentOf(runDir, callsSoFar(), run);
      moments[moment] = (moments[moment] ?? 0) + 1;
    }
    for (const experiment of isOver ? [] : leftInFlight(runDir)) {
      durable.set(`${run} ${experiment.id}`, experiment.state === 'committed' ? experiment.candidate : null);
    }
  }
  return { runs, kills, durable, problems, moments };
}
