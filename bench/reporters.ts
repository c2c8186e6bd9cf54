/**
 * What reporters cost the loop: an experiment with all of them on, against none. Both take turns, so that what else the machine
 * does hits both; each figure is the median of the turns. The services answer as slowly as one says, or are down. Beside the
 * clock it shows the time of processors that the engine's process used, and its thread, which other work on the machine hardly
 * changes. It exits with 1 where the loop is slower than chance explains, and by more than a thousandth of a short real trial.
 * Usage: node bench/reporters.ts [turns, default 7] [experiments of a turn, default 15]
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
/** How long a short real trial lasts, and the share of it that nobody would notice. */
const REAL_TRIAL_MS = 5000;
const UNNOTICED = 0.001;
/** A reporter that notes when each experiment was settled, and what processors had done for the engine by then. */
const METER = `import { appendFileSync } from 'node:fs';
export default {
  kind: 'reporter', name: 'meter', apiVersion: 1, description: 'Notes times.', schema: false,
  create: () => ({
    settled(experiment, { name }) {
      const ms = ({ user, system }) => (user + system) / 1000;
      const row = [performance.now(), ms(process.cpuUsage()), process.threadCpuUsage ? ms(process.threadCpuUsage()) : 0];
      appendFileSync(name + '.times', JSON.stringify(row) + '\\n');
    },
  }),
};
`;
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
      reporters: [...reporters, { use: './meter.mjs' }],
      budget: { experiments },
    };
    writeFileSync(join(dir, `${name}.yaml`), JSON.stringify(config));
  }
  writeFileSync(join(dir, 'value.txt'), 'loss: 0.9\n');
  writeFileSync(join(dir, 'meter.mjs'), METER);
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@localhost', 'commit', '-qm', 'start');
  return dir;
}

/** Milliseconds of an experiment: by the clock, of processors for the engine's process, and of these for its thread. */
type Times = readonly [clock: number, process: number, thread: number];

/** The mean of the experiments, from the first one that is settled to the last. */
async function timesOf(dir: string, config: string, run: string, url: string): Promise<Times> {
  const env = { ...process.env, MLFLOW_TRACKING_URI: url, OTEL_EXPORTER_OTLP_ENDPOINT: url, AUTORESEARCH_WEBHOOK: url };
  const child = spawn(process.execPath, [CLI, 'run', '--config', `${config}.yaml`, '--name', run], { cwd: dir, env, stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`the run ${run} failed`);
  const rows = readFileSync(join(dir, `${run}.times`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Times);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`the run ${run} settled nothing`);
  const mean = (at: 0 | 1 | 2) => (last[at] - first[at]) / (rows.length - 1);
  return [mean(0), mean(1), mean(2)];
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The spread of a median of so many values, from their median deviation. */
const errorOf = (values: readonly number[]) =>
  (1.48 * 1.25 * median(values.map((value) => Math.abs(value - median(values))))) / Math.sqrt(values.length);
const shown = (values: readonly number[], digits: number) => `${median(values).toFixed(digits)} ± ${errorOf(values).toFixed(digits)}`;

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
  const pairs: { readonly none: Times; readonly all: Times }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const took: Record<string, Times> = {};
    for (const config of turn % 2 === 0 ? ['none', 'all'] : ['all', 'none'])
      took[config] = await timesOf(dir, config, `${config}-${turn}`, url);
    const { none, all } = took;
    if (none !== undefined && all !== undefined) pairs.push({ none, all });
  }
  services?.close();
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  const ratios = pairs.map(({ none, all }) => all[0] / none[0]);
  const [clock, ofProcess, ofThread] = ([0, 1, 2] as const).map((at) => pairs.map(({ none, all }) => all[at] - none[at]));
  const more = median(clock ?? []);
  const isChance = median(ratios) - 1 <= 2 * errorOf(ratios);
  const share = more / REAL_TRIAL_MS;
  isSlower ||= !isChance && share > UNNOTICED;
  console.log(
    [
      `${name}: ${median(pairs.map(({ all }) => all[0])).toFixed(0)} ms an experiment, ${shown(ratios, 3)} times as without reporters`,
      `  more by the clock           ${shown(clock ?? [], 1)} ms, ${(100 * share).toFixed(2)} % of a trial of ${REAL_TRIAL_MS / 1000} s${isChance ? '; chance explains it' : ''}`,
      `  more time of processors     ${shown(ofProcess ?? [], 2)} ms, of these ${shown(ofThread ?? [], 2)} ms of the thread of the loop`,
    ].join('\n'),
  );
}
process.exitCode = isSlower ? 1 : 0;
