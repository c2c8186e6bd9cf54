import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import acp from '../../plugins/agents/acp/index.ts';
import claude from '../../plugins/agents/claude-code/index.ts';
import codex from '../../plugins/agents/codex/index.ts';
import gemini from '../../plugins/agents/gemini/index.ts';
import opencode from '../../plugins/agents/opencode/index.ts';
import pi from '../../plugins/agents/pi/index.ts';
import type { Agent, AgentResult, AnyDefinition } from '../../src/plugin.ts';
import { makeBrief, makeContext } from '../../src/testing.ts';
import { openTestRepo } from '../helpers/repo.ts';
import { SCENARIOS, type ScenarioName } from '../helpers/stub-models/scenarios.ts';
import { startStubModels, type StubModels } from '../helpers/stub-models/server.ts';
import { agentOptions, FILES, makeFolder, pluginOf, stubKeys, type NightAgent } from './night.ts';

const DEFINITIONS: Readonly<Record<string, AnyDefinition>> = { acp, 'claude-code': claude, codex, gemini, opencode, pi };

/** Asks a real agent once, without the engine, which would wait for half a minute before it asks again. */
export async function askOnce(
  agent: NightAgent,
  scenario: ScenarioName,
  requests: number,
): Promise<{ result: AgentResult; models: StubModels }> {
  stubKeys();
  const models = await startStubModels(SCENARIOS[scenario]);
  onTestFinished(() => models.close());
  const folder = makeFolder();
  const [cwd, scratchDir] = [join(folder, 'wt'), join(folder, 'scratch')];
  for (const path of [cwd, scratchDir]) mkdirSync(path);
  for (const name of ['train.mjs', 'evaluate.mjs'] as const) writeFileSync(join(cwd, name), FILES[name]);
  openTestRepo(cwd).git('init', '-q');
  const options = { login: false, args: [], env: [], set: {}, files: {}, ...agentOptions(agent, models.url) };
  const role = DEFINITIONS[pluginOf(agent)]?.create(options as never, makeContext({ label: agent })) as Agent;
  const scope = { edit: ['train.mjs'], protect: ['evaluate.mjs'] };
  const env = { PATH: process.env['PATH'] ?? '' };
  const result = await role.propose(makeBrief({ cwd, scratchDir, scope, env, limits: { requests }, timeoutMs: 120_000 }));
  return { result, models };
}
