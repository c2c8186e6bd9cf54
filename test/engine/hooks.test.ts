import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { makeExperiment } from '../../src/testing.ts';
import { formatError, type AutoresearchError } from '../../src/errors.ts';
import { createHooks } from '../../src/hooks.ts';
import type { Hooks, Preflight, RunView } from '../../src/plugin.ts';
import { facadeFor } from '../../src/engine/session/register.ts';
import { until } from '../helpers/processes.ts';
import { makeProject, run, set, stepsAgent } from '../helpers/project.ts';

const view = {} as RunView;

function facade(plugin = 'probe') {
  const hooks = createHooks();
  const pending = new Set<string>();
  const warnings: string[] = [];
  return {
    hooks,
    pending,
    warnings,
    taps: facadeFor(hooks, {
      plugin,
      path: 'gates[0]',
      at: { file: 'a.yaml', line: 3 },
      warn: (message) => void warnings.push(message),
      pending,
    }),
  };
}

describe('a tap', () => {
  it('is awaited, be it sync or async, and taps go one after the other', async () => {
    const { hooks, taps } = facade();
    const seen: string[] = [];
    taps.settled.tap('a', async () => {
      await sleep(20);
      seen.push('a');
    });
    taps.settled.tap('b', () => void seen.push('b'));
    await hooks.settled.promise(makeExperiment(), view);
    expect(seen).toEqual(['a', 'b']);
  });

  it.each([null, undefined, false, 0, ''])('that answers %j lets the next one answer', async (nothing) => {
    const { hooks, taps } = facade();
    const reason = { code: 'ENOUGH', text: 'enough' };
    taps.stop.tap('a', () => nothing as null);
    taps.stop.tap('b', async () => nothing as null);
    taps.stop.tap('c', async () => reason);
    taps.stop.tap('d', () => ({ code: 'LATE', text: 'late' }));
    expect(await hooks.stop.promise(view)).toEqual(reason);
  });

  it('can be ordered by stage', async () => {
    const { hooks, taps } = facade();
    taps.stop.tap('late', () => ({ code: 'LATE', text: '' }));
    taps.stop.tap({ name: 'early', stage: -1 }, () => ({ code: 'EARLY', text: '' }));
    expect((await hooks.stop.promise(view))?.code).toBe('EARLY');
  });

  it.each(['sync', 'async'])('that throws (%s) is named with its plugin and hook, and keeps the cause', async (how) => {
    const { hooks, taps, pending } = facade('probe');
    const cause = new Error('boom');
    taps.judge.tap(
      'probe',
      how === 'sync'
        ? () => {
            throw cause;
          }
        : () => Promise.reject(cause),
    );
    const error: unknown = await hooks.judge.promise({} as never, view, { given: [], add() {} }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'PLUGIN_FAILED',
      plugin: 'probe',
      hook: 'judge',
      path: 'gates[0]',
      at: { file: 'a.yaml', line: 3 },
      message: 'boom',
      cause,
    });
    expect(formatError(error as AutoresearchError)).toBe('a.yaml:3 PLUGIN_FAILED [plugin probe] judge: boom (gates[0])');
    expect([...pending]).toEqual([]);
  });

  it.each(['start', 'settled', 'done', 'observe'] as const)(
    'of %s that throws is a warning, once, and the next one is called',
    async (name) => {
      const { hooks, taps, warnings } = facade('shaky');
      const next = vi.fn();
      taps[name].tap('shaky', () => {
        throw new Error('boom');
      });
      taps[name].tap('next', next);
      for (let n = 0; n < 3; n++) await (hooks[name].promise as (...args: unknown[]) => Promise<unknown>)({}, view);
      expect(warnings).toEqual([`[plugin shaky] ${name}: boom (gates[0])`]);
      expect(next).toHaveBeenCalledTimes(3);
    },
  );

  it('of verify that throws is a problem among the others', async () => {
    const { hooks, taps } = facade('shaky');
    const problem = vi.fn();
    taps.verify.tap('shaky', () => {
      throw new Error('boom');
    });
    taps.verify.tap('other', (preflight) => preflight.problem('LINK_MISSING', 'no data'));
    await hooks.verify.promise({ problem } as unknown as Preflight);
    expect(problem.mock.calls).toEqual([
      ['PLUGIN_FAILED', '[plugin shaky] boom (gates[0])'],
      ['LINK_MISSING', 'no data'],
    ]);
  });

  it('that has not answered is in the list of those waited for', async () => {
    const { hooks, taps, pending } = facade('slow');
    let answer = () => {};
    taps.settled.tap('slow', () => new Promise<void>((resolve) => (answer = resolve)));
    const settled = hooks.settled.promise(makeExperiment(), view);
    expect([...pending]).toEqual(['slow: settled']);
    answer();
    await settled;
    expect([...pending]).toEqual([]);
  });

  it('gets a table that cannot be called or changed', () => {
    const taps: Hooks = facade().taps;
    expect(Object.isFrozen(taps)).toBe(true);
    expect(Object.keys(taps.stop)).toEqual(['tap']);
  });
});

const plugin = (kind: string, name: string, body: string) =>
  `{ kind: '${kind}', name: '${name}', apiVersion: 1, description: 'd', schema: false, ${body} }`;
const module = (...plugins: string[]) => ({ 'mine.mjs': `export default [${plugins.join(',\n')}];` });

describe('a plugin in a run', () => {
  it('that throws as a reporter hurts nobody, and is warned of once', async () => {
    const shaky = plugin(
      'reporter',
      'shaky',
      "create: () => ({ start() { throw new Error('s'); }, settled: async () => { throw new Error('boom'); }, done() { throw new Error('d'); }, dispose() { throw new Error('x'); } })",
    );
    const good = plugin(
      'reporter',
      'good',
      'create: (_o, { log }) => ({ settled: ({ id, verdict }) => log.info(`${id} ${verdict}`), done: (_run, { reason }) => log.info(reason.code), dispose: () => log.info("disposed") })',
    );
    const repo = makeProject(
      { agent: stepsAgent([set(0.5), set(0.6)]), reporters: [{ use: './mine.mjs#shaky' }, { use: './mine.mjs#good' }] },
      module(shaky, good),
    );
    const { messages, end } = await run(repo.dir);
    expect(end.reason.code).toBe('NOTHING_LEFT');
    expect([...new Set(messages.filter((text) => text.includes('shaky')))]).toEqual([
      '[plugin shaky] start: s (reporters[0])',
      '[plugin shaky] settled: boom (reporters[0])',
      '[plugin shaky] done: d (reporters[0])',
      '[plugin shaky] dispose: x',
    ]);
    expect(messages.filter((text) => !/shaky|^sandbox: /.test(text)).slice(0, 5)).toEqual([
      '0 keep',
      '1 keep',
      '2 discard',
      'NOTHING_LEFT',
      'disposed',
    ]);
  });

  it('may tap any hook: a limit of its own, a trial from a cache, a name that is already measured', async () => {
    const limit = plugin(
      'gate',
      'limit',
      "create: () => ({ judge: () => ({ outcome: 'pass', code: 'OK', reason: 'ok' }) }), apply: (hooks) => hooks.stop.tap('limit', async (run) => run.history.length >= 3 && { code: 'MY_LIMIT', text: 'three' })",
    );
    const twice = plugin(
      'gate',
      'twice',
      "create: () => ({ judge: () => ({ outcome: 'pass', code: 'OK', reason: 'ok' }) }), apply: (hooks) => hooks.measure.tap('twice', ({ experiment }, values) => { if (experiment.id === 1) values.record('loss', 0); })",
    );
    const repo = makeProject(
      {
        agent: stepsAgent([set(0.5), set(0.6), set(0.1)]),
        gates: [{ use: 'min-delta' }, { use: './mine.mjs#limit' }, { use: './mine.mjs#twice' }],
      },
      module(limit, twice),
    );
    const { experiments, end } = await run(repo.dir);
    expect(end.reason.code).toBe('MY_LIMIT');
    expect(experiments.map(({ reason }) => reason.code)).toEqual(['BASELINE', 'METRIC_DUPLICATE', 'IMPROVED']);
  });

  it('that throws while it judges is a crash by name, and the run goes on', async () => {
    const bad = plugin(
      'gate',
      'bad',
      "create: () => ({ async judge({ id }) { if (id === 1) throw new TypeError('boom'); return { outcome: 'pass', code: 'OK', reason: 'ok' }; } })",
    );
    const repo = makeProject(
      { agent: stepsAgent([set(0.5), set(0.4)]), gates: [{ use: 'min-delta' }, { use: './mine.mjs#bad' }] },
      module(bad),
    );
    const { experiments } = await run(repo.dir);
    expect(experiments[1]).toMatchObject({
      verdict: 'crash',
      reason: { code: 'PLUGIN_FAILED', text: '[plugin bad] judge: boom (gates[1])' },
    });
    expect(experiments[2]?.verdict).toBe('keep');
  });

  it('cannot change a record that others read', async () => {
    const vandal = plugin('reporter', 'vandal', 'create: () => ({ settled(experiment) { experiment.verdict = "keep"; } })');
    const repo = makeProject({ agent: stepsAgent([set(2)]), reporters: [{ use: './mine.mjs' }] }, module(vandal));
    const { experiments, messages } = await run(repo.dir);
    expect(experiments[1]?.verdict).toBe('discard');
    expect(messages.join('\n')).toContain('[plugin vandal] settled: Cannot assign to read only property');
  });

  it('is ended when the run refuses to start', async () => {
    const picky = plugin(
      'gate',
      'picky',
      "create: (_o, { log }) => ({ verify(preflight) { preflight.problem('PREFLIGHT_FAILED', 'not today'); }, judge() {}, dispose: () => log.info('disposed') })",
    );
    const repo = makeProject({ gates: [{ use: 'min-delta' }, { use: './mine.mjs' }] }, module(picky));
    const messages: string[] = [];
    await expect(run(repo.dir, { messages })).rejects.toMatchObject({ exitCode: 3, message: 'PREFLIGHT_FAILED not today' });
    expect(messages).toEqual(['disposed']);
    expect(repo.git('for-each-ref', 'refs/autoresearch', 'refs/heads/autoresearch')).toBe('');
  });

  it('that never answers is named after an interrupt', async () => {
    const deaf = plugin(
      'agent',
      'deaf',
      `create: (_o, { projectDir }) => ({
        async propose() {
          writeFileSync(projectDir + '/asked', '');
          while (!existsSync(projectDir + '/answer')) await new Promise((resolve) => setTimeout(resolve, 20));
          return { status: 'exhausted', reason: 'none' };
        },
      })`,
    );
    const files = { 'mine.mjs': `import { existsSync, writeFileSync } from 'node:fs';\n${module(deaf)['mine.mjs']}` };
    const repo = makeProject({ agent: { use: './mine.mjs' } }, files);
    const stop = new AbortController();
    const messages: string[] = [];
    const ended = run(repo.dir, { signal: stop.signal, messages });
    await until('the proposal', () => existsSync(join(repo.dir, 'asked')));
    stop.abort();
    await until('the message', () => messages.some((message) => message.includes('still waiting for deaf: propose')));
    repo.write('answer', '');
    expect((await ended).end.outcome).toBe('interrupted');
  });
});
