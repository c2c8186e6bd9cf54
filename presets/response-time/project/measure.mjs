// PROTECTED: starts the service, sends it the requests of a plan, holds every answer against what is expected.
//
// The service runs from a copy of its folder and never sees the expected answers. Where it is started with node, Node
// lets it read nothing outside that copy, write nothing and start no program. What it prints is no figure.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, lstatSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readData, split } from './evaluation/engine.mjs';
import { sendAll, TIMEOUT_SECONDS } from './load.mjs';
import { makePlan } from './plan.mjs';

const here = import.meta.dirname;
const CONNECTIONS = 8;
const READY_SECONDS = 15;
/** The plan is cut into so many parts; a burst of something else on the machine spoils a few of them. */
const WINDOWS = 12;

const { run: command } = JSON.parse(readFileSync(join(here, 'service.json'), 'utf8'));
const { rows: requests } = readData('request');
const { rows: answers, format } = readData('expected');
// A cell of a CSV file can only hold the JSON of an answer as text.
const expected = new Map(
  answers.map(({ body, ...answer }) => [answer.id, { ...answer, body: format === 'csv' ? JSON.parse(body) : body }]),
);
const unknown = requests.find(({ id }) => !expected.has(id));
if (unknown) fail(`request ${unknown.id} has no expected answer (${split})`);

const { warmUp, measured } = makePlan(requests, Number(process.env.AUTORESEARCH_SEED ?? 1));
const results = await withService(async (port) => {
  await sendAll(port, warmUp, CONNECTIONS);
  return sendAll(port, measured, CONNECTIONS);
});
const items = measured.map(({ id }, index) => {
  const result = results[index];
  const group = id.replace(/-.*/, '');
  // A request without an answer counts as one that took the whole timeout.
  if (result === null) return { id: `${index}`, group, ms: TIMEOUT_SECONDS * 1000, error: 1, wrong: 0, request: id };
  const { status, text, ms } = result;
  const error = status >= 500 ? 1 : 0;
  return {
    id: `${index}`,
    group,
    ms: Math.max(ms, 0.001),
    error,
    wrong: error === 0 && !isRight(expected.get(id), status, text) ? 1 : 0,
    request: id,
  };
});
writeItems('requests.items.csv', items);
const windows = Array.from({ length: WINDOWS }, (_, at) => ({ id: `window-${at}`, ms: p95(items.slice(startOf(at), startOf(at + 1))) }));
writeItems('windows.items.csv', windows);
writeFileSync(join(here, 'counts.json'), JSON.stringify({ rows: requests.length }));
report();

/** Runs `use` while the service is up, and ends the service with everything it has started. */
async function withService(use) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'service-')));
  const port = await freePort();
  let service;
  try {
    // A symbolic link would lead out of the folder.
    cpSync(join(here, 'service'), folder, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
    const [program, ...args] = command;
    const isNode = program === 'node';
    service = spawn(isNode ? process.execPath : program, [...(isNode ? limits(folder) : []), ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, PORT: String(port), NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await untilReady(service, port);
    return await use(port);
  } finally {
    if (service && service.exitCode === null && service.signalCode === null) {
      service.kill('SIGKILL');
      await once(service, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function limits(folder) {
  const knows = (flag) => process.allowedNodeEnvironmentFlags.has(flag);
  if (!knows('--permission')) fail(`Node 22.13 or newer is needed to keep the service to its folder; this is ${process.version}`);
  return ['--permission', `--allow-fs-read=${folder}`, ...(knows('--allow-net') ? ['--allow-net'] : [])];
}

async function untilReady(service, port) {
  let problem;
  service.on('error', (error) => (problem = error.message));
  for (let waited = 0; waited < READY_SECONDS * 1000; waited += 20) {
    if (problem === undefined && service.exitCode !== null) problem = `it ended with exit code ${service.exitCode}`;
    if (problem !== undefined) fail(`the service did not start: ${problem}`);
    if (await listens(port)) return;
    await sleep(20);
  }
  fail(`the service does not listen on PORT after ${READY_SECONDS} s`);
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(socket.destroy() !== null)).on('error', () => resolve(false));
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function isRight({ status, body }, actualStatus, text) {
  if (status !== actualStatus) return false;
  try {
    return canonical(JSON.parse(text)) === canonical(body);
  } catch {
    return false;
  }
}

/** The order of keys does not matter. */
function canonical(value) {
  const sorted = (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  return JSON.stringify(value, sorted);
}

function report() {
  const sum = (name) => items.reduce((total, item) => total + item[name], 0);
  console.log(`requests: ${items.length}, errors: ${sum('error')}, wrong: ${sum('wrong')}`);
  const sorted = windows.map(({ ms }) => ms).toSorted((a, b) => a - b);
  console.log(
    `p95_ms: ${((sorted[WINDOWS / 2 - 1] + sorted[WINDOWS / 2]) / 2).toFixed(2)} (the median of ${WINDOWS} windows; ${p95(items).toFixed(2)} over all requests)`,
  );
  for (const [group, list] of Object.entries(Object.groupBy(items, ({ group }) => group)))
    console.log(`p95_ms of ${group}: ${p95(list).toFixed(2)} (${list.length})`);
  const wrong = [...new Set(items.filter((item) => item.wrong).map(({ request }) => request))];
  if (wrong.length > 0) console.log(`wrong: ${wrong.slice(0, 10).join(', ')}`);
}

function startOf(window) {
  return Math.round((window * items.length) / WINDOWS);
}

function p95(list) {
  return list.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.floor(0.95 * list.length)];
}

function writeItems(file, rows) {
  writeFileSync(
    join(here, file),
    `${[Object.keys(rows[0]), ...rows.map((row) => Object.values(row))].map((row) => row.join(',')).join('\n')}\n`,
  );
}

function fail(reason) {
  throw new Error(reason);
}
