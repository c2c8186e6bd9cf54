/** What a Ray answers that was never seen, or that something between here and there made of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RayClient } from './client.ts';
import { RayEngine } from './engine.ts';

type Answers = Readonly<Record<string, readonly [status: number, body: unknown]>>;

const KEY = 'a0123456789';
const INFO = `GET /api/jobs/${KEY}`;
const LOGS = `GET /api/jobs/${KEY}/logs`;
const end = (key = KEY) => `= end ${JSON.stringify({ key, code: '0', why: '', seconds: '2', layer: 'bwrap', hardware: 'a card' })}\n`;
const FILE = `= file ${JSON.stringify({ blob: 'b', size: 3, path: 'm.json' })}\n= data ${Buffer.from('abc').toString('base64')}\n`;

let server: Server | null = null;
afterEach(() => void server?.close());

/** An engine that gets these answers, and what it asked. */
async function engineOf(answers: Answers, headers = {}) {
  const asked: string[] = [];
  const bodies = new Map<string, string>();
  const seen: Record<string, unknown>[] = [];
  server = createServer((request, response) => {
    const what = `${request.method} ${request.url}`;
    asked.push(what);
    seen.push(request.headers);
    let body = '';
    request.setEncoding('latin1');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      bodies.set(what, body);
      const [status, answer] = answers[what] ?? [request.method === 'PUT' ? 200 : 404, `${request.url} is unknown`];
      response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => void server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const log = { info: () => {}, warn: () => {}, debug: () => {} };
  const client = new RayClient(`http://127.0.0.1:${port}`, () => headers);
  return {
    engine: new RayEngine(client, { leaseSeconds: 20, folder: '', needs: { entrypoint_num_cpus: 1 }, runtimeEnv: {} }, log),
    asked,
    bodies,
    seen,
  };
}

describe('a job of Ray', () => {
  it('that ended is told with its log and its files', async () => {
    const logs = `Ray says something\n| one\n~ two\n+ three\n${FILE}${end()}`;
    const { engine } = await engineOf({ [INFO]: [200, { status: 'SUCCEEDED' }], [LOGS]: [200, { logs }] });
    expect(await engine.poll(KEY)).toMatchObject({ state: 'ended', end: { exitCode: 0, why: null, hardware: 'a card', layer: 'bwrap' } });
    expect(Buffer.from(await engine.log(KEY, 0)).toString()).toBe('one\ntwo\rthree');
    const [file] = await engine.results(KEY);
    expect([file?.path, file?.size, Buffer.from((await file?.read()) ?? []).toString()]).toEqual(['m.json', 3, 'abc']);
  });

  const whole = `| one\n${FILE}${end()}`;
  it.each([...Array(whole.length).keys()])('whose log is cut after %i bytes is lost, not ended', async (length) => {
    const { engine } = await engineOf({ [INFO]: [200, { status: 'SUCCEEDED' }], [LOGS]: [200, { logs: whole.slice(0, length) }] });
    expect(await engine.poll(KEY)).toMatchObject({ state: 'lost' });
  });

  it.each<[string, unknown, string, object]>([
    ['the log of another job', { status: 'SUCCEEDED' }, `| one\n${end('a999')}`, { state: 'lost' }],
    ['an end in the log while it runs', { status: 'RUNNING' }, whole, { state: 'running' }],
    ['what the program printed', { status: 'SUCCEEDED' }, `| ${end()}`, { state: 'lost' }],
    ['a job that somebody stopped', { status: 'STOPPED' }, '', { state: 'lost', detail: expect.stringContaining('stopped') }],
    ['a worker that said why', { status: 'FAILED' }, '= lost "no room"\n', { state: 'lost', detail: 'no room' }],
    ['a killed entrypoint', { status: 'FAILED', message: 'exit -9' }, '', { state: 'lost', detail: 'exit -9', mayRun: true }],
    ['a lost machine', { status: 'FAILED', error_type: 'JOB_SUPERVISOR_ACTOR_DIED', message: 'x' }, '', { state: 'lost', mayRun: true }],
    ['a job that waits', { status: 'PENDING', message: 'no room' }, '', { state: 'pending', detail: 'no room' }],
  ])('is judged by more than its log: %s', async (_, info, logs, state) => {
    const { engine } = await engineOf({ [INFO]: [200, info], [LOGS]: [200, { logs }] });
    expect(await engine.poll(KEY)).toMatchObject(state);
  });

  it('that Ray does not know is lost; what a proxy answers says nothing about it', async () => {
    expect(await (await engineOf({})).engine.poll(KEY)).toMatchObject({ state: 'lost', mayRun: true });
    server?.close();
    for (const [status, text] of [
      [404, '<html>not found</html>'],
      [502, 'bad gateway'],
      [200, '<html>log in</html>'],
      [405, 'browser traffic'],
    ] as const) {
      const { engine } = await engineOf({ [INFO]: [status, text] });
      await expect(engine.poll(KEY)).rejects.toThrow();
      server?.close();
    }
  });

  it('is submitted once: its files once for a commit, and the same key a second time is no error', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'autoresearch-'));
    try {
      const texts = { tree: 'abc\n', 'source.pack': 'PACK', program: 'exec true', outputs: '', settings: 'lease=20\n', prefix: '' };
      for (const [name, text] of Object.entries(texts)) writeFileSync(join(dir, name), text);
      const trial = { run: 'night', experiment: 1, index: 0, attempt: 2 };
      const job = { key: KEY, title: 'night-1-0', trial, folder: dir, archive: async () => '', timeoutSeconds: 10 };
      const name = '/api/packages/gcs/_ray_pkg_autoresearch_abc.zip';
      const first = await engineOf({ 'POST /api/jobs/': [200, {}] }, { authorization: 'Bearer t' });
      expect(await first.engine.submit(job)).toBe(KEY);
      expect(first.bodies.get(`PUT ${name}`)).toMatch(/^PK/);
      expect(first.seen.every(({ authorization }) => authorization === 'Bearer t')).toBe(true);
      expect(first.seen.some((headers) => Object.keys(headers).some((header) => header.startsWith('sec-fetch')))).toBe(false);
      const body = JSON.parse(first.bodies.get('POST /api/jobs/') ?? '') as object;
      expect(body).toMatchObject({ submission_id: KEY, entrypoint_num_cpus: 1 });
      expect(body).toHaveProperty('metadata', {
        job_name: 'night-1-0',
        autoresearch_run: 'night',
        autoresearch_experiment: '1',
        autoresearch_trial: '0',
        autoresearch_attempt: '2',
      });
      server?.close();
      const second = await engineOf({ [`GET ${name}`]: [200, ''], 'POST /api/jobs/': [500, `Traceback …\nJob ${KEY} already exists`] });
      expect(await second.engine.submit(job)).toBe(KEY);
      expect(second.asked).not.toContain(`PUT ${name}`);
      server?.close();
      const refused = await engineOf({ 'POST /api/jobs/': [400, 'Traceback …\nTypeError: what'] });
      await expect(refused.engine.submit(job)).rejects.toMatchObject({ code: 'RAY_REFUSED' });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
