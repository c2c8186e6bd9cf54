import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import type { Ask, Turn } from '../helpers/stub-models/types.ts';
import { startStubModels } from '../helpers/stub-models/server.ts';
import { gitEnv } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';
import { programOf } from './installed.ts';
import { makeFolder } from './night.ts';
import { makeSkillProject } from './skill-project.ts';

const DONE = 'this step is done';
/** What a person would say, and the skill tells to put in place of its example. */
const TASK =
  'Set up autoresearch here: fit.py prints a log_loss, which shall go down. Only model.py may change. Tune its numbers, without a model.';
const VALUES = [
  ['python3 train.py', 'python3 fit.py'],
  ['--metric accuracy', '--metric log_loss'],
  ['--direction maximize', '--direction minimize'],
  ['--edit train.py', '--edit model.py'],
] as const;

/** The commands of the skill, as they stand in what the model was sent: it knows nothing else. */
function commandsIn(prompt: string): string[] {
  const blocks = [...prompt.matchAll(/```sh\\n(.*?)```/g)].map(([, code = '']) => JSON.parse(`"${code}"`) as string);
  return [...new Set(blocks)].map((block) => VALUES.reduce((text, [from, to]) => text.replaceAll(from, to), block));
}

/** A model that reads the skill and does what it says, step by step, until a step fails. */
function followSkill({ results, prompt }: Ask): Turn {
  if (results.length === 0) return { do: 'skill', skill: 'autoresearch-setup' };
  const last = results.at(-1) ?? '';
  if (results.length > 1 && !last.includes(DONE)) return { do: 'say', text: `I gave up: ${last}` };
  const commands = commandsIn(prompt);
  const command = commands[results.length - 1];
  if (command === undefined) return { do: 'say', text: `All ${commands.length} steps are done.` };
  return { do: 'shell', command: `(set -e\n${command}) && echo ${DONE}` };
}

/** Claude Code as it comes, with a new home, in a project that has the skill. */
async function work(dir: string): Promise<{ said: string; bodies: string }> {
  const models = await startStubModels({ turn: followSkill });
  onTestFinished(() => models.close());
  const home = makeFolder();
  const env = {
    PATH: `${join(import.meta.dirname, '../../node_modules/.bin')}:${process.env['PATH']}`,
    ...gitEnv(),
    HOME: home,
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    ANTHROPIC_BASE_URL: models.url,
    ANTHROPIC_API_KEY: 'any',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    IS_SANDBOX: '1',
    BASH_DEFAULT_TIMEOUT_MS: '600000',
    npm_config_offline: 'true',
  };
  const flags = [
    '-p',
    '--output-format',
    'json',
    '--model',
    'claude-sonnet-4-5',
    '--setting-sources',
    'project',
    '--dangerously-skip-permissions',
  ];
  const child = spawn(programOf('claude-code'), flags, { cwd: dir, env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(TASK);
  const [answer] = await Promise.all([json(child.stdout), once(child, 'close')]);
  return { said: String((answer as { result: unknown }).result), bodies: models.requests.map(({ body }) => body).join('\n') };
}

it('an agent that knows nothing but the skill ends with a config that works and an audited result', async () => {
  const { dir } = makeSkillProject();
  expect((await runCli(['skill', 'install', 'claude'], { cwd: dir })).code).toBe(0);
  const { said, bodies } = await work(dir);
  expect(bodies).toContain('autoresearch-setup');
  expect(said).toMatch(/^All [4-9] steps are done/);
  expect(await runCli(['check'], { cwd: dir })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('everything is in order') as string,
  });
  const status = JSON.parse((await runCli(['status', 'first', '--json'], { cwd: dir })).stdout) as { headline: { result: string } };
  expect(status.headline.result).toMatch(/^log_loss is [\d.]+% better, as audited$/);
  expect((await runCli(['verify', 'first'], { cwd: dir })).code).toBe(0);
  // What is uncommitted, trials do not see; the skill leaves nothing so.
  expect(execFileSync('git', ['status', '--short'], { cwd: dir, encoding: 'utf8' })).toBe('');
});

it('a skill with a wrong command leaves it with nothing', async () => {
  const { dir } = makeSkillProject();
  await runCli(['skill', 'install', 'claude'], { cwd: dir });
  const file = join(dir, '.claude/skills/autoresearch-setup/SKILL.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace('--metric accuracy', '--metrik accuracy'));
  const { said } = await work(dir);
  expect(said).toMatch(/^I gave up: [^]*unknown option/);
  expect(existsSync(join(dir, 'autoresearch.config.yaml'))).toBe(false);
});
