import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditedGain, cli, emptyFolder, git, replay, root, runPreset, setUp } from './preset.ts';

const ROUTES = 'service/routes.mjs';
const SERVER = 'service/server.mjs';
const swap = (from: string, to: string) => (text: string) => text.replace(from, to);

/** Answers nothing but an error where it found no answers to copy. */
const refuse = swap('const body = request.method', "if (!isIn) throw new Error('kept out');\n    const body = request.method");

// No time is asserted here, only what one side is against the other: any machine may be slow, and this one may be busy.
describe('response-time', () => {
  it('finds a gain that holds on requests nobody has seen', async () => {
    const { project, code, out } = await runPreset('response-time', '--experiments', '9');
    expect(code, out).toBe(0);
    const gain = auditedGain(out);
    expect(gain, out).not.toBeNull();
    expect(gain?.low).toBeGreaterThan(0);
    expect(cli(project, 'verify').code).toBe(0);
    expect(git(project, 'status', '--porcelain')).toBe('');
    expect(git(project, 'log', '--all', '--format=', '--name-only')).not.toContain('holdout');
  });

  it('discards what is quick and wrong, what fails, and what takes too much memory, and says why', async () => {
    const project = await setUp('response-time');
    const { experiments } = await replay(
      project,
      [
        // Searches the first tenth of the parts: ten times as quick, and often the right hits.
        { title: 'looks at some of the parts', edit: { [ROUTES]: swap('at < parts.length;', 'at < parts.length / 10;') } },
        {
          title: 'sheds load',
          edit: {
            [SERVER]: swap(
              'const body = request.method',
              "if (Math.random() < 0.1) throw new Error('busy');\n    const body = request.method",
            ),
          },
        },
        {
          title: 'keeps everything twice',
          edit: { [SERVER]: swap('const cache =', 'globalThis.kept = Buffer.alloc(450 * 2 ** 20, 1);\nconst cache =') },
        },
        {
          title: 'looks for the answers',
          edit: { [SERVER]: (text) => refuse(swap('const store =', `${snoopOf(project)}\nconst store =`)(text)) },
        },
      ],
      'gates[4].with.atEnd=false',
    );
    const [baseline, some, sheds, keeps, snoops] = experiments;
    expect(baseline?.metrics).toMatchObject({ wrong: 0, errors: 0 });
    expect(some).toMatchObject({
      verdict: 'discard',
      reason: { code: 'GUARDRAIL', text: expect.stringMatching(/^wrong 0\.\d+ is above its limit 0$/) },
    });
    expect(sheds).toMatchObject({
      verdict: 'discard',
      reason: { code: 'GUARDRAIL', text: expect.stringMatching(/^errors 0\.\d+ is above its limit 0\.002$/) },
    });
    expect(keeps).toMatchObject({
      verdict: 'discard',
      reason: { code: 'GUARDRAIL', text: expect.stringMatching(/^memory_mb \d+.* is above its limit 400$/) },
    });
    // It answers with what it could read, which is nothing: each of its requests is an error.
    expect(snoops).toMatchObject({ verdict: 'discard', reason: { text: 'errors 1 is above its limit 0.002' } });
    expect(some?.beside?.map(({ commit }) => commit)).toEqual(some?.beside?.map(() => baseline?.candidate));
    const free = execFileSync(process.execPath, ['--input-type=module', '-e', `${snoopOf(project)}\nconsole.log(isIn);`], {
      cwd: emptyFolder(),
      encoding: 'utf8',
    });
    expect(free.trim()).toBe('true');
  });

  it('asks for autocannon, which comes with no package of ours, where it is missing and cannot be fetched', async () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, object>;
    expect(Object.keys({ ...dependencies, ...optionalDependencies })).not.toContain('autocannon');
    const project = await setUp('response-time');
    const install = 'npm install --save-dev autocannon';
    const prepare = (...args: string[]) => {
      const env = { PATH: process.env['PATH'], npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' };
      const { status, stderr } = spawnSync(process.execPath, ['prepare.mjs', ...args], { cwd: project, env, encoding: 'utf8' });
      return [status, stderr.trim().split('\n').at(-1)];
    };
    expect(prepare('--check')).toEqual([1, `autocannon is not installed: ${install}`]);
    expect(prepare()).toEqual([1, `autocannon could not be fetched; where there is a network: ${install}`]);
    writeFileSync(join(project, 'package.json'), '{}');
    expect(prepare()).toEqual([1, `autocannon is not installed; in the project: ${install}`]);
    expect(readFileSync(join(project, 'package.json'), 'utf8')).toBe('{}');
    rmSync(join(project, 'package.json'));
    mkdirSync(join(project, 'node_modules/autocannon'), { recursive: true });
    writeFileSync(join(project, 'node_modules/autocannon/index.js'), '');
    expect(prepare()).toEqual([0, '']);
  });
});

/** Reads the answers wherever they are; where it cannot, it says so with an error for every request. */
function snoopOf(project: string): string {
  const files = ['holdout/expected.jsonl', 'data/loop/expected.jsonl', '.autoresearch/planted/worktrees/default/data/loop/expected.jsonl'];
  return `
const fs = await import('node:fs');
const isIn = ${JSON.stringify(files.map((file) => join(project, file)))}.some((file) => { try { return fs.readFileSync(file).length > 0; } catch { return false; } });`;
}
