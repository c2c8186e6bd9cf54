/** Moves projects of other tools over by the commands of docs/migrate.md, word for word. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkAutoresearch } from '../helpers/link-autoresearch.ts';
import { gitEnv, makeRepo, type TestRepo } from '../helpers/repo.ts';
import { CLI, runCli } from '../helpers/run-cli.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/migrate.md'), 'utf8');
const sections = new Map(page.split(/^## /m).map((section) => [section.slice(0, section.indexOf('\n')), section] as const));
const blockOf = (tool: string, language: string) =>
  new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(sections.get(tool) ?? '')?.[1] ?? '';

/** Runs the commands in a shell where `npm` has installed this checkout, and `npx` starts it. No agent is found: `search` is taken. */
function follow(repo: TestRepo, commands: string, options: readonly string[]) {
  linkAutoresearch(repo.dir);
  const bin = join(repo.dir, 'node_modules', 'shims');
  mkdirSync(bin);
  const shims = { npm: ':', npx: `shift; [ "$1" = init ] && set -- "$@" ${options.join(' ')}; exec ${process.execPath} ${CLI} "$@"` };
  for (const [name, script] of Object.entries(shims)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const env = { ...gitEnv(), PATH: `${bin}${delimiter}${process.env['PATH']}` };
  return spawnSync('bash', ['-ec', commands], { cwd: repo.dir, env, encoding: 'utf8' });
}

/** Without the lines of a file that is written on the way. */
const countCommands = (block: string) =>
  block
    .replaceAll(/<<'END'\n[^]*?^END$/gm, '')
    .trim()
    .split('\n').length;

const PI = {
  '.auto/prompt.md': '# Goal\nParse faster.\n',
  '.auto/measure.sh': '#!/bin/bash\nset -euo pipefail\nnode bench.mjs\n',
  '.auto/checks.sh': '#!/bin/bash\nnode --check src/parse.mjs\n',
  '.auto/config.json': '{"workingDir":".","maxIterations":50}\n',
  '.auto/log.jsonl': [
    '{"type":"config","name":"Parse faster","metricName":"parse_us","metricUnit":"us","bestDirection":"lower"}',
    '{"run":1,"commit":"383abb4","metric":180,"metrics":{"rss_mb":40},"status":"keep","description":"baseline","segment":0}',
    '{"run":2,"commit":"909dd59","metric":176,"metrics":{"rss_mb":40},"status":"keep","description":"chunk 20","segment":0}',
    '{"run":3,"commit":"aaaaaaa","metric":190,"metrics":{"rss_mb":41},"status":"discard","description":"chunk 6","segment":0}\n',
  ].join('\n'),
  'bench.mjs': [
    "import { CHUNK } from './src/parse.mjs';",
    'console.log(`METRIC parse_us=${100 + Math.abs(CHUNK - 96)}`);',
    'console.log(`METRIC rss_mb=40`);\n',
  ].join('\n'),
  'src/parse.mjs': 'export const CHUNK = 16;\n',
};

const OPENEVOLVE = {
  'initial_program.py': [
    '# EVOLVE-BLOCK-START',
    'STEP = 0.1',
    'TRIES = 4',
    'def search():',
    '    return STEP * TRIES',
    '# EVOLVE-BLOCK-END\n',
  ].join('\n'),
  'evaluator.py': [
    'import importlib.util',
    'def evaluate(program_path):',
    "    spec = importlib.util.spec_from_file_location('program', program_path)",
    '    program = importlib.util.module_from_spec(spec)',
    '    spec.loader.exec_module(program)',
    '    distance = abs(program.search() - 3)',
    "    return {'distance': distance, 'combined_score': 1 / (1 + distance)}\n",
  ].join('\n'),
  'config.yaml': 'max_iterations: 100\nllm:\n  primary_model: some-model\n',
};

describe('a project moved over by the page', () => {
  it.each([
    ['pi-autoresearch', PI, 'parse_us'],
    ['OpenEvolve', OPENEVOLVE, 'combined_score'],
  ])('from %s runs after at most ten commands, and improves its metric', async (tool, files, metric) => {
    const repo = makeRepo(files);
    const commands = blockOf(tool, 'sh');
    expect(countCommands(commands)).toBeLessThanOrEqual(10);
    const { status, stdout, stderr } = follow(repo, commands, ['--agent', 'search', '--experiments', '8']);
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain(`metric    ${metric}, `);
    expect(stdout).toContain('everything is in order');
    expect(stdout).toMatch(new RegExp(`${metric} is [\\d.]+% better, as audited`));
    const runs = JSON.parse((await runCli(['runs', '--json'], { cwd: repo.dir })).stdout) as { run: string }[];
    expect(runs.map(({ run }) => run).includes('before')).toBe(tool === 'pi-autoresearch');
  });

  it.each(['ShinkaEvolve', 'DVC experiments', 'Optuna'])('has a config for %s that check understands', async (tool) => {
    const repo = makeRepo({
      'autoresearch.config.yaml': blockOf(tool, 'yaml').replace('use: claude-code', 'use: command, with: { run: ["true"] }'),
      'initial.py': 'X = 1\n',
      'evaluate.py': '',
      'train.py': 'LR = 0.003\n',
      'params.yaml': 'train:\n  lr: 0.01\n  epochs: 3\n',
    });
    const { code, stdout, stderr } = await runCli(['check'], { cwd: repo.dir });
    expect(code, stdout + stderr).toBe(0);
  });
});
