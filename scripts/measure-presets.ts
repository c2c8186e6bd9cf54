/**
 * Runs presets as they come, on data drawn from a fixed seed, and writes what came of it into their READMEs.
 * Usage: node scripts/measure-presets.ts [PRESET…]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { presetProject } from '../src/config/preset-project.ts';
import { sealedSeed } from './sealed-seed.ts';
import type { SettledExperiment } from '../src/experiment.ts';
import { openRepository } from '../src/git/repository.ts';
import { readExperiments, readRun, type RunRecord } from '../src/ledger/read.ts';

const root = join(import.meta.dirname, '..');

/** What is shown of each preset, besides what the objective is made of. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  'extraction-precision': ['precision', 'recall', 'cost_cents'],
  'cost-guarded': ['cost_cents', 'accuracy', 'latency_p95'],
  'order-accuracy': ['order_accuracy', 'review_share', 'false_accepts'],
  'response-time': ['p95_ms', 'wrong', 'errors', 'memory_mb'],
};
const BLOCK = /(<!-- figures: node scripts\/measure-presets\.ts -->\n).*?(\n<!-- end of figures -->)/s;

for (const preset of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SHOWN)) {
  const page = join(root, 'presets', preset, 'README.md');
  if (!BLOCK.test(readFileSync(page, 'utf8'))) throw new Error(`${page} has no marked block for figures`);
  const figures = await format(await measure(preset), { ...(await resolveConfig(page)), parser: 'markdown' });
  const after = readFileSync(page, 'utf8').replace(BLOCK, (_all, begin: string, end: string) => `${begin}\n${figures}${end}`);
  writeFileSync(page, after);
  console.log(`${preset}:\n\n${figures}\n`);
}

async function measure(preset: string): Promise<string> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'autoresearch-figures-')));
  try {
    run(top, 'init', 'project', '--preset', preset);
    const project = join(top, 'project');
    await sealedSeed(project, preset, presetProject(join(root, 'presets', preset, 'preset.yaml')).sealed);
    const started = performance.now();
    run(project, 'run', '--name', 'night');
    const minutes = (performance.now() - started) / 60_000;
    const { git } = await openRepository(project);
    const record = await readRun(git, 'night');
    return render(preset, await readExperiments(git, record), record, minutes);
  } finally {
    rmSync(top, { recursive: true, force: true, maxRetries: 3 });
  }
}

function render(preset: string, experiments: readonly SettledExperiment[], { sessions }: RunRecord, minutes: number): string {
  const attempts = experiments.filter(({ proposal }) => proposal.source !== 'engine');
  const keeps = attempts.filter(({ verdict }) => verdict === 'keep');
  const [start, end] = [experiments[0], keeps.at(-1) ?? experiments[0]];
  const rows = (SHOWN[preset] ?? []).map((name) => `| \`${name}\` | ${number(start?.metrics[name])} | ${number(end?.metrics[name])} |`);
  const audits = sessions.flatMap((session) => (session.kind === 'audit' ? [session.audit] : []));
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`;
  const day = new Date().toISOString().slice(0, 10);
  return [
    `Measured ${day} on ${machine}: ${attempts.length} experiments with \`search\` took ${minutes.toFixed(0)} min; ${keeps.length} were kept.`,
    '',
    '| metric | as shipped | last keep |',
    '| --- | --- | --- |',
    ...rows,
    '',
    `The last audit said: ${audits.at(-1)?.text ?? 'nothing, as nothing was kept'}. What was kept:`,
    '',
    '| experiment | change | score |',
    '| --- | --- | --- |',
    ...keeps.map(({ id, proposal, score }) => `| #${id} | ${proposal.title} | ${number(score?.value)} |`),
  ].join('\n');
}

function number(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(4)));
}

function run(cwd: string, ...args: string[]): void {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` };
  execFileSync(process.execPath, [join(root, 'src/cli.ts'), ...args], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
}
