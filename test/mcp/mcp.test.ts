import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { experimentsOf, makeProject, run, set, stepsAgent } from '../helpers/project.ts';
import type { TestRepo } from '../helpers/repo.ts';
import { CLI, startCli } from '../helpers/run-cli.ts';

const READ = ['compare', 'diff', 'list', 'search', 'show', 'status', 'wait', 'waiting'];
let repo: TestRepo;

beforeAll(async () => {
  repo = makeProject(
    {
      agent: stepsAgent([
        { ...set(0.5), title: 'half the step', report: { params: { LR: 0.5 }, hypothesis: 'why not' } },
        set(0.7),
        { ...set(0.4), title: 'less still' },
      ]),
      gates: [{ use: 'min-delta' }, { use: 'audit', with: { runs: 2 } }],
      budget: { experiments: 3 },
    },
    {},
    mkdtempSync(join(tmpdir(), 'mcp-')),
  );
  await run(repo.dir);
});

afterAll(() => rmSync(repo.dir, { recursive: true, force: true }));

/** The protocol's own client, with the server as the process that an agent would start. */
async function connect(...flags: string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [CLI, 'mcp', ...flags], cwd: repo.dir, stderr: 'pipe' }),
  );
  onTestFinished(() => client.close());
  return client;
}

async function call(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<{ isError: boolean; text: string; value: never }> {
  const { content, isError = false } = await client.callTool({ name, arguments: args });
  const text = (content as { text: string }[])[0]?.text ?? '';
  return { isError, text, value: (isError ? null : JSON.parse(text)) as never };
}

describe('reading', () => {
  it('offers tools that read, each with a description of every option', async () => {
    const { tools } = await (await connect()).listTools();
    expect(tools.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b))).toEqual(READ);
    for (const { annotations, description, inputSchema } of tools) {
      expect(annotations?.readOnlyHint).toBe(true);
      expect(description).not.toBe('');
      for (const property of Object.values(inputSchema.properties ?? {})) expect(property).toHaveProperty('description');
    }
  });

  it('tells where a run stands, and lists, shows, searches and compares', async () => {
    const client = await connect();
    expect((await call(client, 'status')).value).toMatchObject({ run: 'night', experiments: { done: 3, keep: 2 } });
    const { value: first } = await call(client, 'list', { limit: 2 });
    expect(first).toMatchObject({ total: 4, next: 2, items: [{ id: 3 }, { id: 2 }] });
    expect((await call(client, 'list', { limit: 2, offset: 2 })).value).toMatchObject({ items: [{ id: 1 }, { id: 0 }] });
    expect((await call(client, 'list', { verdict: 'discard' })).value).toMatchObject({ items: [{ id: 2 }] });
    expect((await call(client, 'search', { words: 'STEP half' })).value).toMatchObject({ total: 1, items: [{ id: 1 }] });
    expect((await call(client, 'search', { words: 'lr' })).value).toMatchObject({ items: [{ id: 1 }] });
    expect((await call(client, 'show', { experiment: 1 })).value).toMatchObject({
      verdict: 'keep',
      proposal: { hypothesis: 'why not' },
      metrics: { loss: 0.5 },
    });
    expect((await call(client, 'diff', { experiment: 1 })).value).toMatchObject({ text: expect.stringContaining('+0.5') as string });
    expect((await call(client, 'compare', { a: 1, b: 3 })).value).toMatchObject({
      metrics: [{ name: 'loss', a: 0.5, b: 0.4, difference: expect.closeTo(-0.1) as number }],
      diff: { text: expect.stringContaining('+0.4') as string },
    });
    expect((await call(client, 'waiting')).value).toMatchObject({ total: 2, items: [{ id: 1 }, { id: 3 }] });
  });

  it.each([
    ['show', { experiment: 99 }, 'EXPERIMENT_NOT_FOUND'],
    ['status', { run: 'no-such' }, 'RUN_NOT_FOUND'],
    ['show', { experiment: 'one' }, 'experiment'],
    ['list', { limit: 1000 }, 'limit'],
    ['list', { all: true }, 'additional properties'],
    ['wait', { tip: '--help' }, 'tip'],
  ])('answers %s %j with an error that names it', async (name, args, part) => {
    const { isError, text } = await call(await connect(), name, args);
    expect(isError).toBe(true);
    expect(text).toContain(part);
  });

  it('waits for what a run records, and not for ever', async () => {
    const client = await connect();
    const { value: seen } = await call(client, 'status');
    const { tip } = seen as { tip: string };
    expect((await call(client, 'wait', { tip, seconds: 1 })).value).toEqual({ run: 'night', tip, changed: false });
    const waited = call(client, 'wait', { tip, seconds: 50 });
    await startCli(['review', 'night', '--reject', '3', '--as', 'Ada'], { cwd: repo.dir }).ended;
    expect((await waited).value).toMatchObject({ changed: true, settled: [] });
    expect((await call(client, 'wait', { tip: '0'.repeat(40), seconds: 1 })).value).toMatchObject({
      changed: true,
      settled: [{ id: 0 }, { id: 1 }, { id: 2 }, { id: 3 }],
    });
  });
});

describe('resources', () => {
  const textOf = async (client: Client, uri: string): Promise<string> => {
    const [content] = (await client.readResource({ uri })).contents;
    return content !== undefined && 'text' in content ? content.text : '';
  };

  it('are what a person can hand to an agent: where a run stands, an experiment, a diff', async () => {
    const client = await connect();
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      'autoresearch://runs/night/status',
      ...[3, 2, 1, 0].map((id) => `autoresearch://runs/night/experiments/${id}`),
    ]);
    for (const { uri, mimeType } of resources) {
      expect(mimeType).toBe('application/json');
      expect(JSON.parse(await textOf(client, uri))).toBeTypeOf('object');
    }
    expect((await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'autoresearch://runs/{run}/status',
      'autoresearch://runs/{run}/experiments/{experiment}',
      'autoresearch://runs/{run}/experiments/{experiment}/diff',
    ]);
    expect(await textOf(client, 'autoresearch://runs/night/experiments/1/diff')).toContain('+0.5');
  });

  it.each([
    ['runs/night/experiments/99', 'EXPERIMENT_NOT_FOUND'],
    ['runs/night/experiments/-1', 'EXPERIMENT_NOT_FOUND'],
    ['runs/night/experiments/..%2f..%2fetc', 'EXPERIMENT_NOT_FOUND'],
    ['runs/other/status', 'RUN_NOT_FOUND'],
    ['runs/--help/status', 'RUN_NOT_FOUND'],
    ['runs/%E0%A4%A/status', 'URI malformed'],
  ])('%s is answered with an error that names it', async (path, part) => {
    await expect((await connect()).readResource({ uri: `autoresearch://${path}` })).rejects.toThrow(part);
  });

  it('show an agent that proposes its own run, and not where it stands', async () => {
    const client = await connect('--for-agent', '--run', 'night');
    expect((await client.listResources()).resources.map(({ uri }) => uri).filter((uri) => uri.endsWith('status'))).toEqual([]);
    expect(await textOf(client, 'autoresearch://runs/night/experiments/3')).not.toMatch(/audit|"seed"|holdout/i);
    await expect(client.readResource({ uri: 'autoresearch://runs/night/status' })).rejects.toThrow();
    await expect(client.readResource({ uri: 'autoresearch://runs/other/experiments/0' })).rejects.toThrow('RUN_NOT_FOUND');
    expect((await call(client, 'list', { run: 'other' })).text).toContain('RUN_NOT_FOUND');
  });
});

describe('for an agent that proposes', () => {
  it('offers what was tried, and nothing of audits or decisions', async () => {
    const client = await connect('--for-agent', '--run', 'night');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b))).toEqual(['compare', 'diff', 'list', 'search', 'show']);
    const texts = await Promise.all(
      [
        ['list', {}],
        ['show', { experiment: 3 }],
        ['search', { words: 'a' }],
        ['compare', { a: 0, b: 3 }],
      ].map(async ([name, args]) => (await call(client, name as string, args as Record<string, unknown>)).text),
    );
    expect(texts.join('\n')).not.toMatch(/audit|rolledBack|evidence|holdout|"seed"|approve|reject/i);
    await expect(call(client, 'status')).rejects.toThrow();
  });

  it('is not given the tools that decide', async () => {
    const { code, stderr } = await startCli(['mcp', '--for-agent', '--write'], { cwd: repo.dir }).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('cannot decide');
  });
});

describe('writing', () => {
  it('steers, reviews in the name of a person, and stops', async () => {
    const client = await connect('--write', '--as', 'Ada <ada@example.org>');
    const { tools } = await client.listTools();
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint === false).map(({ name }) => name)).toEqual([
      'steer',
      'pause',
      'resume',
      'stop',
      'review',
    ]);
    expect((await call(client, 'steer', { hint: 'try 0.3' })).value).toMatchObject({
      state: 'queued',
      decision: { kind: 'steer', text: 'try 0.3', by: { name: 'Ada' } },
    });
    expect((await call(client, 'review', { experiment: 1, decision: 'approve', note: 'fine' })).value).toMatchObject({
      state: 'recorded',
      record: { by: { name: 'Ada' }, decision: 'approve' },
    });
    expect((await call(client, 'review', { experiment: 2, decision: 'approve' })).text).toContain('NOT_REVIEWABLE');
    expect((await call(client, 'stop')).text).toContain('RUN_NOT_RUNNING');
  });

  it('pauses a run that works, lets it go on, and stops it in good order', async () => {
    const long = makeProject({
      agent: stepsAgent(Array.from({ length: 400 }, (_, at) => set(0.9 - at / 500))),
      trainer: { use: 'command', with: { run: ['sh', '-c', 'sleep 1; echo "loss: $(cat value.txt)"'] }, timeout: '2m' },
    });
    const started = startCli(['run', '--name', 'long'], { cwd: long.dir });
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [CLI, 'mcp', '--write'], cwd: long.dir, stderr: 'pipe' }),
    );
    const until = async (isDone: () => Promise<boolean>) => {
      for (let tries = 0; tries < 1000; tries++) {
        if (await isDone()) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`it did not come to that: ${started.stderr()}`);
    };
    const stateOf = async () => ((await call(client, 'status', { run: 'long' })).value as { state: { paused?: string } }).state;
    await until(async () => !(await call(client, 'pause', { run: 'long', note: 'the fan' })).isError);
    await until(async () => (await stateOf()).paused !== undefined);
    const { length: before } = await experimentsOf(long.dir, 'long');
    await call(client, 'steer', { run: 'long', hint: 'try 0.4' });
    expect((await call(client, 'resume', { run: 'long' })).isError).toBe(false);
    await until(async () => (await experimentsOf(long.dir, 'long')).length > before);
    expect((await call(client, 'stop', { run: 'long', note: 'enough' })).isError).toBe(false);
    await client.close();
    expect((await started.ended).code).toBe(0);
    expect(long.git('log', '-1', '--format=%s', 'refs/autoresearch/long/ledger').trim()).toMatch(/^stopped: stopped by /);
  });
});
