/** What other pages in the same browser, other users of the machine and programs may try on the server of a page. */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEADERS } from '../../src/ui/guard.ts';
import { change, parked, playNight } from '../helpers/review.ts';
import { makeFolder, type TestRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';
import { ask, serveRun, type Answer } from './served.ts';

const json = { 'content-type': 'application/json' };
const approval = JSON.stringify({ kind: 'review', experiment: 2, decision: 'approve', note: '' });
const lower = (name: string) => name.toLowerCase();

let repo: TestRepo;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'autoresearch-page-'));
  repo = await playNight([change('a', 5), parked('b', 4)], join(dir, 'project'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function expectGuarded({ headers }: Answer): void {
  for (const [name, value] of Object.entries(HEADERS)) expect(headers[lower(name)], name).toBe(value);
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
}

async function reviewsOf(): Promise<readonly unknown[]> {
  const { stdout } = await runCli(['review', '--json'], { cwd: repo.dir });
  return (JSON.parse(stdout) as { reviews: unknown[] }[]).flatMap(({ reviews }) => reviews);
}

describe('the server of a page', () => {
  it('lets a browser in by its link alone, once for the cookie, and sends the token away from the address bar', async () => {
    const { port, url } = await serveRun(repo.dir);
    const first = await ask(port, `/${new URL(url).search}`);
    expect([first.status, first.headers.location]).toEqual([303, '/']);
    expect(first.headers['set-cookie']?.[0]).toMatch(new RegExp(`^autoresearch_${port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`));
    expect(first.headers['set-cookie']?.[0]).not.toContain(new URL(url).searchParams.get('token'));
    expectGuarded(first);
  });

  it('refuses whoever has no cookie, another one, or the cookie of another port', async () => {
    const { port, cookie } = await serveRun(repo.dir);
    const cookies = [undefined, '', 'autoresearch_1=x', cookie.replace(/=.*/, '='), `${cookie}x`, cookie.replace(/\d+=/, '1=')];
    for (const path of [
      '/',
      '/page.js',
      '/api/start',
      '/api/events',
      '/api/experiments/1',
      '/?token=',
      '/?token=x',
      '/api/start?token=x',
    ]) {
      for (const value of cookies) {
        const answer = await ask(port, path, { headers: value === undefined ? {} : { cookie: value } });
        expect(answer.status, `${path} ${value}`).toBe(401);
        expect(answer.text).not.toContain('night');
        expectGuarded(answer);
      }
    }
  });

  it('answers to its own names only, so that a foreign name that points here gets nothing', async () => {
    const { port, cookie } = await serveRun(repo.dir);
    const names = [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.0.0.1.evil.example:${port}`,
      'localhost',
    ];
    for (const host of names) {
      const answer = await ask(port, '/api/start', { headers: { host, cookie } });
      expect(answer.status, host).toBe(421);
      expectGuarded(answer);
    }
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`])
      expect((await ask(port, '/api/start', { headers: { host, cookie } })).status).toBe(200);
  });

  it('takes decisions from its own page only, as JSON, of a size', async () => {
    const { port, cookie } = await serveRun(repo.dir);
    const origin = `http://127.0.0.1:${port}`;
    const post = (headers: Record<string, string>, body = approval) => ask(port, '/api/decisions', { method: 'POST', headers, body });
    const foreign = [
      '',
      'null',
      'http://evil.example',
      'https://127.0.0.1',
      `https://127.0.0.1:${port}`,
      `http://localhost:${port}`,
      `${origin}.evil.example`,
    ];
    for (const from of foreign) {
      const answer = await post({ ...json, cookie, origin: from });
      expect(answer.status, from).toBe(403);
      expectGuarded(answer);
    }
    expect((await post({ ...json, cookie })).status).toBe(403);
    expect((await post({ ...json, origin })).status).toBe(401);
    expect((await post({ 'content-type': 'text/plain', cookie, origin })).status).toBe(415);
    expect((await post({ ...json, cookie, origin }, `"${'x'.repeat(100_000)}"`)).status).toBe(413);
    const bad = ['', '{', '[]', 'null', '{"kind":"exec"}', '{"kind":"review","experiment":-1,"decision":"approve","note":""}'];
    for (const body of [...bad, approval.replace('approve', '__proto__'), '{"kind":"steer","text":" "}', '{"kind":"stop","note":7}'])
      expect((await post({ ...json, cookie, origin }, body)).status, body).toBe(400);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const answer = await ask(port, '/api/decisions', { method, headers: { cookie, origin: 'http://evil.example' } });
      expect(answer.status, method).toBe(405);
      expectGuarded(answer);
    }
    expect(await reviewsOf()).toEqual([]);
  });

  it('decides nothing where it is read-only', async () => {
    const { port, cookie } = await serveRun(repo.dir, { readOnly: true });
    const headers = { ...json, cookie, origin: `http://127.0.0.1:${port}` };
    expect((await ask(port, '/api/decisions', { method: 'POST', headers, body: approval })).status).toBe(403);
    expect(JSON.parse((await ask(port, '/api/start', { headers: { cookie } })).text)).toMatchObject({ canAct: false });
    expect(await reviewsOf()).toEqual([]);
  });

  it('has no files but its own, whatever the path', async () => {
    const { port, cookie } = await serveRun(repo.dir);
    const steps = ['..', '%2e%2e', '..%2f', '%2e%2e%2f', '..\\', '....//', '%252e%252e'];
    const files = ['etc/passwd', 'render.js', 'package.json', '.autoresearch/night/ui.key'];
    for (const step of steps) {
      for (const file of files) {
        for (const path of [
          `/${step}/${step}/${file}`,
          `/page.js/${step}/${file}`,
          `/api/experiments/${step}/${file}`,
          `/api/sections/${step}${file}`,
        ]) {
          const answer = await ask(port, path, { headers: { cookie } });
          expect([400, 404], path).toContain(answer.status);
          expect(answer.text).not.toMatch(/root:|renderPaper|"dependencies"/);
          expectGuarded(answer);
        }
      }
    }
    for (const path of ['/api/sections/__proto__', '/api/sections/constructor', '/api/experiments/1e3', '/api/rows?before=-1'])
      expect([400, 404], path).toContain((await ask(port, path, { headers: { cookie } })).status);
    expect((await ask(port, '/api/experiments/999', { headers: { cookie } })).text).toBe('null');
  });

  it('answers what is no HTTP with the same headers', async () => {
    const { port } = await serveRun(repo.dir);
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += String(chunk)));
    socket.write('this is no HTTP\r\n\r\n');
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    for (const [name, value] of Object.entries(HEADERS)) expect(text).toContain(`${name}: ${value}\r\n`);
  });

  it('shows nothing to other machines unless that is said twice', async () => {
    await expect(serveRun(repo.dir, { host: '0.0.0.0' })).rejects.toMatchObject({ code: 'USAGE' });
    const { port, cookie, url } = await serveRun(repo.dir, { host: '0.0.0.0', allowRemote: true });
    expect(url).toMatch(/\?token=[\w-]{32}$/);
    expect((await ask(port, '/api/start', { headers: { cookie } })).status).toBe(200);
    expect((await ask(port, '/', { headers: { host: `127.0.0.1:${port}` } })).status).toBe(401);
    expect((await ask(port, '/', { headers: { host: `evil.example:${port}` } })).status).toBe(421);
  });

  it('goes on for 200 pages that read nothing, and turns away the next', async () => {
    const { port, cookie } = await serveRun(repo.dir);
    const statusOf = async (isKept: boolean): Promise<string> => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n\r\n`);
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      if (isKept) sockets.push(socket.pause());
      else socket.destroy();
      return String(chunk).slice(9, 12);
    };
    const sockets: Socket[] = [];
    const all = await Promise.all(Array.from({ length: 200 }, () => statusOf(true)));
    expect(new Set(all)).toEqual(new Set(['200']));
    expect(await statusOf(false)).toBe('503');
    expect((await ask(port, '/api/start', { headers: { cookie } })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    // Their places are free again.
    while ((await statusOf(false)) !== '200') await sleep(50);
  });
});

it('a folder without a run has no page', async () => {
  expect((await runCli(['ui'], { cwd: makeFolder() })).code).toBe(3);
});
