/**
 * Every file-system call and every start of a process, of the engine and of its git, fails once in a whole small run, as
 * SQLite tests it: the first run counts the calls, then in run k call k fails. What fails is real: a library between the
 * processes and libc (inject.c) gives the error that a full, read-only or broken disk would give, tears a write, kills the
 * process at that point, or lets it wait. Nothing of the engine or of git is replaced.
 *
 * `npm test` takes a sample of the calls, `npm run faults` all of them, which takes hours; `FAULTS=20` every twentieth.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftovers } from '../helpers/processes.ts';
import { experimentsOf, makeProject, problemsOf, RUN, set, stepsAgent, verdicts } from '../helpers/project.ts';
import { snapshot, type TestRepo } from '../helpers/repo.ts';
import { runCli, type CliEnd } from '../helpers/run-cli.ts';
import { buildInjector, type Call, type Injector, type Mode } from './injector.ts';

const EXPECTED = ['#0 keep BASELINE', '#1 keep IMPROVED', '#2 discard OUT_OF_SCOPE', '#3 keep IMPROVED'];

/** Which calls a mode is of interest for, and how many of them are sampled. */
const MODES: Readonly<Record<Mode, { sample: number; isFor: (call: Call) => boolean }>> = {
  once: { sample: 8, isFor: () => true },
  lasting: { sample: 3, isFor: ({ name }) => !/^(fork|opendir|fopen)$/.test(name) },
  torn: { sample: 3, isFor: ({ name }) => /write/.test(name) },
  kill: { sample: 5, isFor: ({ name }) => !/^(fork|opendir|fopen|openat?)$/.test(name) },
  delay: { sample: 2, isFor: ({ name }) => /^(rename|link|write|fdatasync)$/.test(name) },
};

const makeWorld = (): TestRepo =>
  makeProject({ agent: stepsAgent([set(0.5), { bash: 'echo 9 > eval.py' }, set(0.25)]), sandbox: 'off', reporters: [] });

describe('one call that fails', () => {
  it.for(Object.keys(MODES) as Mode[])('(%s) loses nothing, and is named', { timeout: 36_000_000 }, async (mode, { skip }) => {
    const injector = buildInjector();
    if (typeof injector === 'string') return skip(injector);
    const numbers = chosen(await countCalls(injector), mode);
    const found: string[] = [];
    for (const number of numbers) found.push(...(await problemsWith(injector, number, mode)));
    expect(found.join('\n\n')).toBe('');
    expect(numbers.length).toBeGreaterThan(1);
  });
});

async function countCalls(injector: Injector): Promise<Call[]> {
  const repo = makeWorld();
  const { code } = await runCli(['run', '--name', RUN], { cwd: repo.dir, env: injector.env(repo.dir, 0, 'once') });
  expect(code).toBe(0);
  return injector.calls();
}

/** Evenly spread over the run; all of them where that is asked for. */
function chosen(calls: readonly Call[], mode: Mode): number[] {
  const { sample, isFor } = MODES[mode];
  const numbers = calls.filter(isFor).map(({ number }) => number);
  const asked = process.env['FAULTS'];
  const step = asked === 'all' ? 1 : asked === undefined ? numbers.length / sample : Number(asked);
  const from = Math.min(Number(process.env['FAULTS_FROM'] ?? step / 2), numbers.length - 1);
  return Array.from({ length: Math.ceil((numbers.length - from) / step) }, (_, index) => numbers[Math.floor(from + index * step)] ?? 1);
}

/** What is wrong after a run in which this call failed, and a resume in which none does. */
async function problemsWith(injector: Injector, number: number, mode: Mode): Promise<string[]> {
  const repo = makeWorld();
  const before = snapshot(repo.dir);
  const first = await runCli(['run', '--name', RUN], { cwd: repo.dir, env: injector.env(repo.dir, number, mode) });
  const [call] = injector.calls();
  const name = `${mode} ${number} (${call?.program} ${call?.name} ${call?.what} ${call?.path.replace(repo.dir, '')})`;
  try {
    // A run that came through may have left something that it was refused to remove: the next session does.
    const isWhole = first.code === 0 && !first.stderr.includes('warning');
    const second = isWhole ? first : await goOn(repo);
    const problems = [...unclear(first, mode), ...(second.code === 0 ? [] : [`does not go on: ${second.stderr}`])];
    if (problems.length > 0) return problems.map((problem) => `${name}: ${problem}\n${first.stderr}`);
    expect(verdicts(await experimentsOf(repo.dir)).join('\n')).toBe(EXPECTED.join('\n'));
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
    expect(readdirSync(join(repo.dir, '.autoresearch', RUN)).filter((file) => file.startsWith('lock'))).toEqual([]);
    expect(snapshot(repo.dir)).toEqual(before);
    expect(await leftovers(repo.dir)).toEqual([]);
    return [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}\n${first.stderr}`];
  }
}

/** As a person would: resume, or begin again where nothing had begun; where a lock of git is named, the doctor first. */
async function goOn(repo: TestRepo): Promise<CliEnd> {
  const again = () => {
    const hasBegun = repo.git('for-each-ref', `refs/autoresearch/${RUN}/ledger`) !== '';
    return runCli(hasBegun ? ['resume', RUN] : ['run', '--name', RUN], { cwd: repo.dir });
  };
  const end = await again();
  if (end.code === 0 || !end.stderr.includes('autoresearch doctor')) return end;
  const doctor = await runCli(['doctor', '--fix'], { cwd: repo.dir });
  return doctor.code === 0 ? again() : doctor;
}

/** Does its message tell a user what happened? A killed engine says nothing. */
function unclear({ code, signal, stderr }: CliEnd, mode: Mode): string[] {
  if (code === 0 || signal === 'SIGKILL') return signal === 'SIGKILL' && mode !== 'kill' ? ['was killed'] : [];
  if (/bug in autoresearch|^\s+at .*\(/m.test(stderr)) return ['is called a bug'];
  return /^[A-Z_]{5,} /m.test(stderr) ? [] : ['says no code'];
}
