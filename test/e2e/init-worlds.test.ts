import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findProgram } from '../../src/sandbox/probe.ts';
import { makeFolder, openTestRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';
import { build, WORLDS } from '../init/worlds.ts';

interface Written {
  readonly scope: { readonly edit: readonly string[] };
  readonly workspace?: { readonly link?: readonly string[] };
  readonly objective: { readonly with: { readonly metric: string; readonly direction: string } };
  readonly trainer: { readonly with: { readonly run: readonly string[] } };
}

describe.each(WORLDS)('$name', (world) => {
  const isPlayable = world.needs.every((program) => findProgram(program) !== null);

  it.skipIf(!isPlayable)('goes from init over one commit to a run with a measured baseline', async () => {
    const dir = makeFolder();
    build(world, dir);
    const agents = { PATH: pathWithoutAgents(), ANTHROPIC_API_KEY: '', OPENAI_API_KEY: '', GEMINI_API_KEY: '' };
    const init = await runCli(['init', '--yes'], { cwd: dir, env: agents });
    expect([init.code, init.stderr]).toEqual([0, expect.not.stringContaining('warning')]);
    const config = parse(readFileSync(join(dir, 'autoresearch.config.yaml'), 'utf8')) as Written;
    expect({
      trial: config.trainer.with.run.join(' '),
      metric: config.objective.with.metric,
      direction: config.objective.with.direction,
      edit: config.scope.edit,
      link: config.workspace?.link ?? [],
    }).toEqual({ trial: world.trial, metric: world.metric, direction: world.direction, edit: world.edit, link: world.link ?? [] });

    const repo = openTestRepo(dir);
    repo.git('init', '-q', '-b', 'main');
    repo.commit('Set up autoresearch');
    expect(repo.git('ls-files')).not.toMatch(/^(\.venv|node_modules|target|data)\/|^bench_sort$|\.out$/m);
    const check = await runCli(['check'], { cwd: dir, env: agents });
    expect([check.code, check.stdout + check.stderr]).toEqual([0, expect.stringContaining('everything is in order')]);
    const run = await runCli(['run', '--experiments', '3', '--name', 'night'], { cwd: dir, env: agents });
    expect([run.code, run.stderr]).toEqual([0, expect.anything()]);
    const status = JSON.parse((await runCli(['status', '--json'], { cwd: dir })).stdout) as {
      baseline: unknown;
      experiments: { done: number; crash: number };
    };
    expect(status.baseline).not.toBeNull();
    expect(status.experiments).toMatchObject({ done: 3, crash: 0 });
  });
});

/** The real programs, without coding agents that the machine may have. */
function pathWithoutAgents(): string {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders
    .filter((folder) => !['claude', 'codex', 'gemini', 'opencode', 'pi'].some((agent) => findProgram(join(folder, agent)) !== null))
    .join(':');
}
