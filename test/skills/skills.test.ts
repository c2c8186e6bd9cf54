import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ownSkills, SKILL_HOMES } from '../../src/skills/install.ts';
import { linkAutoresearch } from '../helpers/link-autoresearch.ts';
import { gitEnv, makeFolder, makeRepo, type TestRepo } from '../helpers/repo.ts';
import { CLI, runCli } from '../helpers/run-cli.ts';

const root = join(import.meta.dirname, '../..');
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, never>;
const blocksOf = (name: string) =>
  [...(ownSkills().find((skill) => skill.name === name)?.text ?? '').matchAll(/^```sh\n(.*?)^```/gms)].map(([, code = '']) => code);

/** What a stranger has: a script that prints a number which a constant decides. */
const TRAIN = `RATE = 0.1\nprint(f"accuracy: {1 - (RATE - 0.3) ** 2:.4f}")\n`;

/** Runs each command of a skill as an agent would type it; the first that fails is named with what it said. */
function runBlocks(repo: TestRepo, blocks: readonly string[]): void {
  for (const block of blocks) {
    const script = block.replaceAll('npx autoresearch', `"${process.execPath}" "${CLI}"`);
    try {
      execFileSync('bash', ['-ec', script], { cwd: repo.dir, env: gitEnv(), encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${block}\n${stdout}\n${stderr}`);
    }
  }
}

describe('skills', () => {
  it.each(ownSkills())('$name begins with a name and a description that agents accept', ({ name, text }) => {
    const front = parse(/^---\n(.*?)\n---\n/s.exec(text)?.[1] ?? '') as { name: string; description: string };
    expect(front.name).toBe(name);
    expect(name).toMatch(/^[a-z0-9-]{1,64}$/);
    expect(front.description.length).toBeGreaterThan(50);
    expect(front.description.length).toBeLessThanOrEqual(1024);
    expect(Object.keys(front)).toEqual(['name', 'description']);
  });

  it('have commands that work: from a project with a script to a run that is reported', () => {
    const repo = makeRepo({ 'train.py': TRAIN });
    runBlocks(repo, blocksOf('autoresearch-setup'));
    expect(repo.git('rev-list', '--count', 'refs/autoresearch/first/ledger').trim()).not.toBe('0');
    runBlocks(repo, blocksOf('autoresearch-results'));
    expect(repo.read('audit-log.md')).toContain('## Experiment 1');
    expect(existsSync(join(repo.dir, 'report.html'))).toBe(true);
  });

  it('have commands that work: a metric and a gate from nothing', () => {
    const repo = makeRepo({ 'train.py': TRAIN });
    linkAutoresearch(repo.dir);
    runBlocks(repo, blocksOf('autoresearch-plugin'));
    expect(existsSync(join(repo.dir, 'plugins/small-steps/src/index.ts'))).toBe(true);
  });

  it('name only pages that the package has', () => {
    for (const { text } of ownSkills())
      for (const [, path = ''] of text.matchAll(/node_modules\/autoresearch\/([\w./-]+\.md)/g))
        expect(existsSync(join(root, path))).toBe(true);
  });
});

describe('skill install', () => {
  it.each(Object.keys(SKILL_HOMES))('writes all skills for %s, and says so the second time', async (agent) => {
    const cwd = makeFolder();
    expect(await runCli(['skill', 'install', agent], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('is written') as string,
    });
    for (const { name, text } of ownSkills())
      expect(readFileSync(join(cwd, SKILL_HOMES[agent]?.project ?? '', name, 'SKILL.md'), 'utf8')).toBe(text);
    expect((await runCli(['skill', 'install', agent], { cwd })).stdout).toContain('is there already');
  });

  it('keeps a skill that somebody changed, and writes nothing then', async () => {
    const cwd = makeFolder();
    await runCli(['skill', 'install', 'claude'], { cwd });
    const file = join(cwd, '.claude/skills/autoresearch-setup/SKILL.md');
    writeFileSync(file, 'mine');
    const refused = await runCli(['skill', 'install', 'claude'], { cwd });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') as string });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await runCli(['skill', 'install', 'claude', '--force'], { cwd })).stdout).toContain('is updated');
    expect(readFileSync(file, 'utf8')).not.toBe('mine');
  });

  it('writes into the home of the user with --user', async () => {
    const [cwd, home] = [makeFolder(), makeFolder()];
    await runCli(['skill', 'install', 'pi', '--user'], { cwd, env: { HOME: home } });
    expect(existsSync(join(home, '.pi/agent/skills/autoresearch-results/SKILL.md'))).toBe(true);
  });

  it.each([
    ['claud', 'Did you mean "claude"?'],
    [undefined, 'none of the coding agents'],
  ])('refuses %j with the next step', async (agent, said) => {
    const env = { PATH: '/nowhere' };
    expect(await runCli(['skill', 'install', ...(agent === undefined ? [] : [agent])], { cwd: makeFolder(), env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(said) as string,
    });
  });
});

describe('the manifests of marketplaces', () => {
  const { version } = readJson('package.json');
  it.each(['.claude-plugin/plugin.json', '.codex-plugin/plugin.json'])('%s is of this version and leads to the skills', (path) => {
    expect(readJson(path)).toMatchObject({ name: 'autoresearch', version, skills: './skills/' });
  });

  it('list this plugin, and are in the package', () => {
    expect(readJson('.claude-plugin/marketplace.json')).toMatchObject({ plugins: [{ name: 'autoresearch', source: './' }] });
    expect(readJson('.agents/plugins/marketplace.json')).toMatchObject({ plugins: [{ name: 'autoresearch', source: { path: './' } }] });
    expect(readJson('package.json')['files']).toEqual(expect.arrayContaining(['skills', '.claude-plugin', '.codex-plugin', '.agents']));
  });
});
