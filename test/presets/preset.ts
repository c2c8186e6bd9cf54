import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sealedSeed } from '../../scripts/sealed-seed.ts';
import { presetProject } from '../../src/config/preset-project.ts';
import { openRepository } from '../../src/git/repository.ts';
import { readExperiments, readLogs, readRun } from '../../src/ledger/read.ts';
import { gitEnv } from '../helpers/repo.ts';

export const root = join(import.meta.dirname, '../..');
const NOWHERE = 'http://127.0.0.1:9';

/** A folder that is removed after the test. */
export function emptyFolder(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'autoresearch-preset-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}

/** Runs the command line with this Node first on the PATH, and with no way to a registry. */
export function cli(cwd: string, ...args: string[]): { code: number; out: string } {
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
    ...Object.fromEntries(['http_proxy', 'https_proxy', 'npm_config_proxy', 'npm_config_registry'].map((name) => [name, NOWHERE])),
  };
  try {
    return {
      code: 0,
      out: execFileSync(process.execPath, [join(root, 'src/cli.ts'), ...args], { cwd, env, encoding: 'utf8', stdio: 'pipe' }),
    };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, out: stdout + stderr };
  }
}

/**
 * A run of the preset in a fresh project, always with the same data: whether an audit confirms a gain depends on that data
 * too, and a test must not. On data of other seeds an audit of cost-guarded takes a whole night back about once in five
 * (`node bench/cost-guarded.ts`). With the data and the seed of the search fixed, and costs and latencies that are counted and
 * not timed, the runs of cost-guarded, extraction-precision and order-accuracy give the same figures every time: none of their
 * assertions can fail by chance. Those of response-time are about measured times, and can.
 */
export async function runPreset(preset: string, ...args: string[]): Promise<{ project: string; code: number; out: string }> {
  const project = await setUp(preset);
  return { project, ...cli(project, 'run', ...args) };
}

export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: gitEnv(), encoding: 'utf8' });
}

/** A fresh project of the preset, with the data of the tests. */
export async function setUp(preset: string): Promise<string> {
  const dir = emptyFolder();
  const { code, out } = cli(dir, 'init', 'project', '--preset', preset);
  if (code !== 0) throw new Error(out);
  const project = join(dir, 'project');
  await sealedSeed(project, preset, presetProject(join(root, 'presets', preset, 'preset.yaml')).sealed);
  return project;
}

/** One change: files with their new text, made from the old one. */
export interface Change {
  readonly title: string;
  readonly edit: Readonly<Record<string, (text: string) => string>>;
}

/** Replays changes, one an experiment, each on the incumbent; gives the settled experiments and the logs of their trials. */
export async function replay(project: string, changes: readonly Change[], ...set: string[]) {
  const patches = join(dirname(project), 'patches');
  mkdirSync(patches);
  for (const [index, { title, edit }] of changes.entries()) {
    for (const [file, change] of Object.entries(edit)) {
      const before = readFileSync(join(project, file), 'utf8');
      const after = change(before);
      if (after === before) throw new Error(`${title} changes nothing in ${file}`);
      writeFileSync(join(project, file), after);
    }
    writeFileSync(join(patches, `${index + 1}.patch`), git(project, 'diff'));
    writeFileSync(
      join(patches, `${index + 1}.json`),
      JSON.stringify({ title, rationale: 'What a test has planted here.', risks: ['it does harm'] }),
    );
    git(project, 'checkout', '-q', '.');
  }
  const agent = `agent={use: replay, with: {from: "${patches}"}}`;
  const { code, out } = cli(project, 'run', '--name', 'planted', '--set', agent, ...set.flatMap((each) => ['--set', each]));
  if (code !== 0) throw new Error(out);
  const { git: reader } = await openRepository(project);
  const record = await readRun(reader, 'planted');
  const experiments = await readExperiments(reader, record);
  return {
    experiments,
    logs: await readLogs(
      reader,
      record,
      experiments.map(({ id }) => id),
    ),
  };
}

/** The last `audited gain 0.13 (95% 0.11 to 0.15)` of a run's output; null where it says that none is shown. */
export function auditedGain(out: string): { value: number; low: number; high: number } | null {
  const [, value, low, high] = [...out.matchAll(/^ {2}audited gain ([\d.]+) \(95% (-?[\d.]+) to (-?[\d.]+)\)$/gm)].at(-1) ?? [];
  return value === undefined ? null : { value: Number(value), low: Number(low), high: Number(high) };
}
