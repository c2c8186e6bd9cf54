import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject, run } from '../helpers/project.ts';
import { runCli } from '../helpers/run-cli.ts';

const agent = { use: 'command', with: { run: ['sh', 'agent.sh'] } };
const files = {
  'program.md': 'Halve it.\n',
  'agent.sh':
    'cat > "$PROMPTS/$(grep -m1 -o "experiment [0-9]*" "$AUTORESEARCH_PROMPT" | tr -dc 0-9).md"; echo 0.$((9 - $(ls "$PROMPTS" | wc -l))) > value.txt\n',
};
const parts = (prompts: string) => ({
  agent,
  program: 'program.md',
  budget: { experiments: 1 },
  workspace: { env: ['PROMPTS'], outputs: [] },
  // The agent writes down what it was sent, outside the worktree.
  sandbox: 'off',
  prompts,
});

describe('autoresearch prompt', () => {
  it('prints to the letter what the agent is then sent, before a run and in one', async () => {
    const { prompts: _prompts, ...config } = parts('');
    const repo = makeProject(config, files);
    process.env['PROMPTS'] = makeProject().dir;
    const first = await runCli(['prompt'], { cwd: repo.dir });
    expect(first.stdout).toContain('You propose experiment 1 of a run that improves one number: loss (lower is better).');
    expect(first.stdout).toContain('Halve it.');
    await run(repo.dir);
    const steered = await runCli(['steer', 'Try less.'], { cwd: repo.dir });
    expect(steered.stdout).toContain('the hint waits for the next proposal of night');
    const second = await runCli(['prompt', 'night'], { cwd: repo.dir });
    expect(second.stdout).toContain('# Hints for this experiment, from the human\n\nTry less.');
    await runCli(['resume', 'night', '--experiments', '2'], { cwd: repo.dir });
    expect(readFileSync(join(process.env['PROMPTS'] ?? '', '2.md'), 'utf8')).toBe(second.stdout.replace('1 of 1', '1 of 2'));
    const third = await runCli(['prompt', 'night'], { cwd: repo.dir });
    expect(third.stdout).not.toContain('Try less.');
    expect(third.stdout).toContain('- #2 keep');
  });

  it('says when no agent is sent a prompt, and refuses an empty hint', async () => {
    const repo = makeProject();
    const none = await runCli(['prompt'], { cwd: repo.dir });
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no agent of this config sends a prompt')]);
    const empty = await runCli(['steer', ' '], { cwd: repo.dir });
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('the hint is empty')]);
  });
});
