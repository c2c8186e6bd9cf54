/**
 * What reporters cost the loop: the time of an experiment with all of them on, against none. Both take turns, so that what else
 * the machine does hits both; the figure is the median of the turns' ratios. The services answer as slowly as one says, or are
 * down. Run it on a quiet machine; it exits with 1 where the loop is slower than chance explains.
 * Usage: node bench/reporters.ts [turns, default 7] [experiments of a turn, default 15]
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [turns = 7, experiments = 15] = process.argv.slice(2).map(Number);
const CLI = join(import.meta.dirname, '../src/cli.ts');
const REPORTERS = [
  { use: 'mlflow', with: { patienceMs: 0 } },
  { use: 'tensorboard', with: { curves: 'all' } },
  { use: 'otlp', with: { patienceMs: 0 } },
  { use: 'webhook', with: { patienceMs: 0 } },
  { use: 'jsonl', with: { file: 'results.jsonl' } },
];
const ANSWERS: Readonly<Record<string, object>> = {
  'experiments/get-by-name': { experiment: { experiment_id: '1' } },
  'runs/search': { runs: [] },
  'runs/create': { run: { info: { run_id: 'r', artifact_uri: 'mlflow-artifacts:/1/r/artifacts' } } },
};

/** Stands for all services: it takes everything, after a while. */
async function startServices(delayMs: number): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const known = Object.entries(ANSWERS).find(([path]) => request.url?.includes(path))?.[1] ?? {};
      setTimeout(() => response.setHeader('content-type', 'application/json').end(JSON.stringify(known)), delayMs);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

function makeProject(): string {
  const dir = mkdtempSync(join(tmpdir(), 'bench-reporters-'));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: dir });
  const trial = 'echo "curve: 0.5 1"; sleep 0.1; echo "curve: 1 1"; cat value.txt';
  for (const [name, reporters] of [
    ['none', []],
    ['all', REPORTERS],
  ] as const) {
    const config = {
      scope: { edit: ['value.txt'] },
      objective: { use: 'single', with: { metric: 'loss', direction: 'minimize' } },
      agent: {
        use: 'search',
        with: { parameters: [{ file: 'value.txt', name: 'loss', pattern: '^loss: ([0-9.]+)$', type: 'float', range: [0, 1] }] },
      },
      trainer: { use: 'command', with: { run: ['sh', '-c', trial] } },
      metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$', curve: String.raw`^curve: (\S+) (\S+)$` } } },
      gates: [{ use: 'min-delta' }],
      reporters,
      budget: { experiments },
    };
    writeFileSync(join(dir, `${name}.yaml`), JSON.stringify(config));
  }
  writeFileSync(join(dir, 'value.txt'), 'loss: 0.9\n');
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@localhost', 'commit', '-qm', 'start');
  return dir;
}

/** Milliseconds of an experiment, from the first one that is settled to the last. */
async function timeOf(dir: string, config: string, run: string, url: string): Promise<number> {
  const env = { ...process.env, MLFLOW_TRACKING_URI: url, OTEL_EXPORTER_OTLP_ENDPOINT: url, AUTORESEARCH_WEBHOOK: url };
  const child = spawn(process.execPath, [CLI, 'run', '--config', `${config}.yaml`, '--name', run], { cwd: dir, env, stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`the run ${run} failed`);
  const rows = JSON.parse(
    execFileSync(process.execPath, [CLI, 'log', run, '--json'], { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 28 }),
  ) as { settledAt: string }[];
  const times = rows.map(({ settledAt }) => Date.parse(settledAt)).toSorted((a, b) => a - b);
  return ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

let isSlower = false;
for (const [name, delayMs] of [
  ['services that answer in 20 ms', 20],
  ['services that answer in 2 s', 2000],
  ['services that are down', null],
] as const) {
  const dir = makeProject();
  const services = delayMs === null ? null : await startServices(delayMs);
  // Port 9 discards what it gets, and nothing listens there.
  const url = services?.url ?? 'http://127.0.0.1:9';
  const ratios: number[] = [];
  const all: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const order = turn % 2 === 0 ? ['none', 'all'] : ['all', 'none'];
    const took: Record<string, number> = {};
    for (const config of order) took[config] = await timeOf(dir, config, `${config}-${turn}`, url);
    ratios.push((took['all'] ?? 0) / (took['none'] ?? 1));
    all.push(took['all'] ?? 0);
  }
  services?.close();
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  const middle = median(ratios);
  // The spread of a median of so many turns, from their median deviation.
  const error = (1.48 * 1.25 * median(ratios.map((ratio) => Math.abs(ratio - middle)))) / Math.sqrt(turns);
  const isChance = middle - 1 <= 2 * error;
  isSlower ||= !isChance;
  console.log(
    `${name.padEnd(32)} ${median(all).toFixed(0)} ms an experiment, ${middle.toFixed(3)} ± ${error.toFixed(3)} times as without reporters${isChance ? '' : ': slower'}`,
  );
}
process.exitCode = isSlower ? 1 : 0;
