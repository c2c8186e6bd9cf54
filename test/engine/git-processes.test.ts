/** How many git processes an experiment takes: each costs as much as all that the engine does itself. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { makeProject, RUN, set, stepsAgent } from '../helpers/project.ts';
import { makeFolder } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';

vi.setConfig({ testTimeout: 900_000 });

interface Setting {
  readonly sandbox: 'off' | 'auto';
  readonly agent: 'in the engine' | 'a program';
  readonly slots?: number;
}

/** The git processes of a run of so many discarded experiments, those that git itself starts too. */
async function gitOfRun(experiments: number, { sandbox, agent, slots = 1 }: Setting): Promise<string[]> {
  const inside = stepsAgent(Array.from({ length: experiments }, (_, index) => set(100 + index)));
  const program = { use: 'command', with: { run: ['sh', 'agent.sh'] } };
  const repo = makeProject(
    {
      agent: agent === 'a program' ? program : inside,
      budget: { experiments },
      sandbox,
      reporters: [],
      slots: { count: slots },
      lookahead: slots === 1 ? 0 : 1,
    },
    { 'agent.sh': String.raw`sed -n 's/.*"experiment": \([0-9]*\),/10\1/p' "$AUTORESEARCH_CONTEXT" > value.txt` },
  );
  const traces = join(makeFolder(), 'traces');
  mkdirSync(traces);
  const config = join(traces, '../gitconfig');
  writeFileSync(config, `[trace2]\n\teventTarget = ${traces}\n`);
  const { code, stdout, stderr } = await runCli(['run', '--name', RUN], { cwd: repo.dir, env: { GIT_CONFIG_GLOBAL: config } });
  expect(code, stdout + stderr).toBe(0);
  expect(repo.git('log', '--format=%s', `refs/autoresearch/${RUN}/ledger`)).toContain(`#${experiments} discard`);
  return readdirSync(traces).map((name) => /"argv":\[(.*)\]/.exec(readFileSync(join(traces, name), 'utf8'))?.[1] ?? name);
}

it.each<Setting>([
  { sandbox: 'off', agent: 'in the engine' },
  { sandbox: 'auto', agent: 'in the engine' },
  { sandbox: 'off', agent: 'a program' },
])('an experiment that edits a file and is discarded starts no git (sandbox: $sandbox, agent: $agent)', async (setting) => {
  const [few, many] = [await gitOfRun(5, setting), await gitOfRun(25, setting)];
  expect(few.length).toBeGreaterThan(5);
  // One or two may be started anew where the machine is so busy that they end meanwhile.
  expect(many.length - few.length, many.toSorted().join('\n')).toBeLessThan(5);
});

it('nor does one that is committed in one worktree and measured in another', async () => {
  const setting: Setting = { sandbox: 'off', agent: 'in the engine', slots: 2 };
  const [few, many] = [await gitOfRun(20, setting), await gitOfRun(40, setting)];
  const written = (all: readonly string[]) => all.filter((argv) => /"(reset|clean|checkout|status|for-each-ref)"/.test(argv)).length;
  expect(written(few)).toBeGreaterThan(0);
  // All worktrees are there after a few.
  expect(written(many) - written(few), many.toSorted().join('\n')).toBeLessThan(10);
});
