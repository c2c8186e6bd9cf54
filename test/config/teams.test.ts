import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveRecorded } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/types.ts';
import { goodConfig, load, makeGoodProject, makeProject, PLUGINS, problems } from './project.ts';

const PARAMETERS = '[{ file: train.mjs, name: LR, type: float, range: [0, 1] }]';

/** A portfolio with these lines for agents, the first of them in line 7. */
const portfolio = (...agents: readonly string[]) => ({
  agent: `agent:\n  use: portfolio\n  with:\n${agents.length > 0 ? `    agents:\n${agents.map((line) => `      - ${line}\n`).join('')}` : ''}`,
});

const errorsOf = async (...agents: readonly string[]) =>
  (await problems(makeGoodProject(portfolio(...agents)))).map((line) => line.replace('autoresearch.config.yaml:', ''));

describe('the agents of a portfolio', () => {
  test('are uses of their own, with their places, settings and defaults', async () => {
    const dir = makeGoodProject(
      portfolio(
        `{ use: search, with: { parameters: ${PARAMETERS} } }`,
        '{ use: command, name: mine, timeout: 5m, fixAttempts: 2, with: { run: [a] } }',
      ),
    );
    const { uses, config } = await load(dir);
    expect(uses.filter(({ kind }) => kind === 'agent').map(({ path, label, team }) => [path, label, team])).toEqual([
      ['agent', 'portfolio', undefined],
      ['agent.with.agents[0]', 'search', 'agent'],
      ['agent.with.agents[1]', 'mine', 'agent'],
    ]);
    expect(uses[3]).toMatchObject({
      agent: { timeout: '5m', fixAttempts: 2 },
      options: { run: ['a'], shell: false, env: [] },
      at: { line: 8, column: 16 },
    });
    expect(config.agent[0]?.with).toMatchObject({
      halfLife: 30,
      agents: [
        { use: 'search', with: { parameters: [{ scale: 'linear' }] } },
        { use: 'command', name: 'mine', timeout: '5m', with: { shell: false } },
      ],
    });
  });

  test('of a chain have their number in their places', async () => {
    const agent =
      'agent: [{ use: search, with: { parameters: PARAMETERS } }, { use: portfolio, with: { agents: [{ use: ./plugins.mjs#none }] } }]';
    const { uses } = await load(makeGoodProject({ agent: agent.replace('PARAMETERS', PARAMETERS) }));
    expect(uses[3]).toMatchObject({ path: 'agent[1].with.agents[0]', team: 'agent[1]' });
  });

  test('are the same again from the record, also where modules are named by the file of a preset', async () => {
    const dir = makeProject({
      'autoresearch.config.yaml': 'extends: ./bases/base.yaml\n',
      'bases/base.yaml': goodConfig(portfolio('{ use: ./plugins.mjs#none, timeout: 2m }', '{ use: ./plugins.mjs#none, name: second }')),
      'bases/plugins.mjs': PLUGINS,
    });
    const { config, projectDir, uses } = await load(dir);
    expect(config.agent[0]?.with).toMatchObject({ agents: [{ use: './bases/plugins.mjs#none' }, { use: './bases/plugins.mjs#none' }] });
    const stored: Config = JSON.parse(JSON.stringify(config));
    const again = await resolveRecorded(stored, projectDir);
    expect(again.uses).toEqual(uses.map(({ at: _at, ...use }) => use));
    expect(again.config).toEqual(config);
  });

  test('have the settings of their team where they say nothing themselves', async () => {
    const agents = '[{ use: ./plugins.mjs#none, timeout: 2m }, { use: ./plugins.mjs#none, name: b, limits: { cost: 1 } }]';
    const agent = `agent: { use: portfolio, timeout: 5m, limits: { requests: 3 }, optional: true, with: { agents: ${agents} } }`;
    const { uses, config, projectDir } = await load(makeGoodProject({ agent }));
    const settings = [
      { timeout: '2m', limits: { requests: 3 }, optional: true },
      { timeout: '5m', limits: { cost: 1 }, optional: true },
    ];
    expect(uses.slice(2, 4).map((use) => use.agent)).toEqual(settings);
    expect((await resolveRecorded(config, projectDir)).uses.slice(2, 4).map((use) => use.agent)).toEqual(settings);
  });
});

describe('one mistake in it gives one error, at its place', () => {
  const good = '{ use: ./plugins.mjs#none, name: fine }';

  test.each([
    [
      '{ use: ./plugins.mjs#none, tiemout: 5m }',
      '7:36 CONFIG_UNKNOWN_KEY agent.with.agents[0]: unknown key "tiemout". Did you mean "timeout"?',
    ],
    ['{ use: ./plugins.mjs#none, timeout: 5 }', '7:45 CONFIG_TYPE agent.with.agents[0].timeout: must be a string, not the number 5'],
    ['{ use: ./plugins.mjs#none, timeout: 30d }', '7:45 CONFIG_VALUE agent.with.agents[0].timeout: must be at most 24d'],
    ['{ name: a }', '7:9 CONFIG_MISSING_KEY agent.with.agents[0]: missing key "use"'],
    ['search', '7:9 CONFIG_TYPE agent.with.agents[0]: must be a map, not "search"'],
    ['{ use: serach }', '7:16 PLUGIN_NOT_FOUND agent.with.agents[0].use: there is no agent "serach". Did you mean "search"?'],
    ['{ use: min-delta }', '7:16 PLUGIN_KIND agent.with.agents[0].use: "min-delta" is of the kind gate, not agent'],
    [
      '{ use: command, with: { run: [a], rnu: 1 } }',
      '7:43 CONFIG_UNKNOWN_KEY agent.with.agents[0].with: unknown option "rnu". Did you mean "run"?',
    ],
    ['{ use: command, with: { run: [1] } }', '7:39 CONFIG_TYPE agent.with.agents[0].with.run[0]: must be a string, not the number 1'],
    ['{ use: command }', '7:9 CONFIG_MISSING_KEY agent.with.agents[0].with: missing option "run"'],
    [
      `{ use: portfolio, with: { agents: [${good}] } }`,
      "7:16 CONFIG_INVALID agent.with.agents[0].use: portfolio has agents of its own, and cannot be one of another's",
    ],
  ])('%s', async (entry, error) => {
    expect(await errorsOf(entry, good)).toEqual([error]);
  });

  test('a name that is there already, in the portfolio or beside it', async () => {
    expect(await errorsOf(good, '{ use: ./plugins.mjs#none }', '{ use: command, name: fine, with: { run: [a] } }')).toEqual([
      '9:31 CONFIG_INVALID agent.with.agents[2].name: a second agent "fine"; the first is agent.with.agents[0]',
    ]);
    const agents = `[{ use: ./plugins.mjs#none }, { use: portfolio, with: { agents: [{ use: ./plugins.mjs#none }] } }]`;
    expect(await problems(makeGoodProject({ agent: `agent: ${agents}` }))).toEqual([
      expect.stringContaining('CONFIG_INVALID agent[1].with.agents[0].use: a second agent "none"; the first is agent[0]'),
    ]);
  });

  test('no list of agents, or an empty one', async () => {
    const dir = (agents: string) => makeGoodProject({ agent: `agent: { use: portfolio, with: { agents: ${agents} } }` });
    expect(await problems(dir('{ use: search }'))).toEqual([
      expect.stringContaining('CONFIG_TYPE agent.with.agents: must be a list, not a map'),
    ]);
    expect(await problems(dir('[]'))).toEqual([expect.stringContaining('CONFIG_VALUE agent.with.agents: must not be empty')]);
    expect(await errorsOf()).toEqual([expect.stringContaining('missing option "agents"')]);
  });

  test('in the file of a preset is shown there', async () => {
    const dir = makeProject({
      'autoresearch.config.yaml': 'extends: ./bases/base.yaml\n',
      'bases/base.yaml': goodConfig(portfolio('{ use: command, with: { run: a } }')),
      'bases/plugins.mjs': PLUGINS,
    });
    expect(await problems(dir)).toEqual([
      `${join('bases', 'base.yaml')}:7:38 CONFIG_TYPE agent.with.agents[0].with.run: must be a list, not "a"`,
    ]);
  });
});

test('a definition may name only a list among its options as that of its agents', async () => {
  const plugin = (
    members: string,
    kind = 'agent',
  ) => `export default { kind: '${kind}', name: 'odd', apiVersion: 1, description: 'x', create: () => ({}),
    members: '${members}', schema: { type: 'object', additionalProperties: false, properties: { list: { type: 'array' }, one: { type: 'string' } } } };`;
  for (const [members, kind] of [['one'], ['none'], ['list', 'gate']] as const) {
    const parts = kind === 'gate' ? { gates: 'gates: [{ use: min-delta }, { use: ./odd.mjs }]' } : { agent: 'agent: { use: ./odd.mjs }' };
    expect(await problems(makeGoodProject(parts, { 'odd.mjs': plugin(members, kind) }))).toEqual([
      expect.stringContaining(`has members for its ${kind ?? 'agent'} "odd" that are not an option with a list of agents`),
    ]);
  }
});
