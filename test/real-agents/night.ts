import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { AutoresearchError } from '../../src/errors.ts';
import type { SettledExperiment } from '../../src/experiment.ts';
import { leftovers } from '../helpers/processes.ts';
import { experimentsOf, problemsOf, run, type Ran } from '../helpers/project.ts';
import { makeRepo } from '../helpers/repo.ts';
import { SCENARIOS, type ScenarioName } from '../helpers/stub-models/scenarios.ts';
import { startStubModels, type StubModels } from '../helpers/stub-models/server.ts';
import { acpOptions } from './acp-options.ts';
import { CACHE, programOf, type AgentName } from './installed.ts';

export const KEY = 'sk-the-real-key-0123456789';
const KEYS = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY'];

/** A model each agent knows; Codex gives models it does not know fewer tools. */
const MODELS: Readonly<Record<AgentName, string>> = {
  'claude-code': 'claude-sonnet-4-5',
  codex: 'gpt-5.5',
  gemini: 'gemini-2.5-pro',
  pi: 'claude-sonnet-4-5',
  opencode: 'some-model',
};

export const FILES = {
  'train.mjs': "import scale from './evaluate.mjs';\nconst LR = 0.8;\nconsole.log(`loss: ${LR * scale}`);\n",
  'evaluate.mjs': 'const SCALE = 1;\nexport default SCALE;\n',
  'lib/more.mjs': 'export default 1;\n',
};

export interface Night extends Ran {
  readonly models: StubModels;
  readonly dir: string;
  /** The one experiment after the baseline. */
  readonly tried: SettledExperiment | undefined;
  readonly left: readonly string[];
  readonly problems: readonly string[];
}

interface NightOptions {
  readonly unrestricted?: boolean;
  readonly idle?: string;
  readonly format?: string;
  /** More of the agent's options, and of the config. */
  readonly options?: object;
  readonly config?: object;
}

/** Dollars per million tokens. */
const PRICE = { input: 2, cached: 0.5, output: 10 };

/** What has been served costs, in dollars. */
export function costOf({ served }: StubModels): number {
  const { inputTokens, cachedTokens, outputTokens } = served;
  return ((inputTokens - cachedTokens) * PRICE.input + cachedTokens * PRICE.cached + outputTokens * PRICE.output) / 1e6;
}

/** Codex runs no commands in projects below the folder for temporary files, where this checkout itself may be. */
const NIGHTS = CACHE.startsWith(`${realpathSync(tmpdir())}/`) ? join(homedir(), '.cache/autoresearch-tests') : join(CACHE, 'nights');

export function makeFolder(): string {
  mkdirSync(NIGHTS, { recursive: true });
  const dir = realpathSync(mkdtempSync(join(NIGHTS, 'n-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

/** An agent by its own plugin, or one that is spoken with over ACP. */
export type NightAgent = AgentName | 'acp gemini' | 'acp opencode';

export const pluginOf = (agent: NightAgent): string => (agent.startsWith('acp ') ? 'acp' : agent);

export function agentOptions(agent: NightAgent, url: string, { unrestricted = false, format }: NightOptions = {}): object {
  if (agent === 'acp gemini' || agent === 'acp opencode')
    return { ...acpOptions(agent === 'acp gemini' ? 'gemini' : 'opencode'), url, unrestricted, prices: { '*': PRICE } };
  const formats = agent === 'opencode' ? { format: format ?? 'chat' } : agent === 'pi' && format ? { format } : {};
  return { program: programOf(agent), url, model: MODELS[agent], unrestricted, prices: { '*': PRICE }, ...formats };
}

export function stubKeys(): void {
  for (const name of KEYS) vi.stubEnv(name, KEY);
  vi.stubEnv('AUTORESEARCH_TEST_SECRET', 'a-secret-of-the-users-shell');
  // The agents' launchers need a newer Node than the machine may have.
  vi.stubEnv('PATH', `${join(import.meta.dirname, '../../node_modules/.bin')}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** A config over train.mjs, whose LR is the loss. */
export function configWith(agent: unknown): object {
  return {
    scope: { edit: ['train.mjs'], protect: ['evaluate.mjs'] },
    objective: { use: 'single', with: { metric: 'loss', direction: 'minimize' } },
    agent,
    trainer: { use: 'command', with: { run: [process.execPath, 'train.mjs'] }, timeout: '20s' },
    metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$' } } },
    gates: [{ use: 'min-delta' }],
    reporters: [],
    budget: { experiments: 1 },
  };
}

/** A run of one experiment with a real agent and a scripted model. */
export async function playNight(agent: NightAgent, scenario: ScenarioName, options: NightOptions = {}): Promise<Night> {
  stubKeys();
  const models = await startStubModels(SCENARIOS[scenario]);
  onTestFinished(() => models.close());
  const dir = makeFolder();
  const config = {
    ...configWith({
      use: pluginOf(agent),
      with: { ...agentOptions(agent, models.url, options), ...options.options },
      timeout: '120s',
      limits: { requests: 12 },
      ...(options.idle !== undefined && { idle: options.idle }),
    }),
    ...options.config,
  };
  makeRepo({ 'autoresearch.config.yaml': JSON.stringify(config), ...FILES }, dir);
  const messages: string[] = [];
  const ran = await run(dir, { messages }).catch(async (error: AutoresearchError) => {
    if (error.code !== 'AGENT_FAILED') throw error;
    const end = { outcome: 'failed', reason: { code: error.code, text: error.message } } as const;
    return { end, experiments: await experimentsOf(dir), messages };
  });
  return { ...ran, models, dir, tried: ran.experiments.at(1), left: await leftovers(dir, 6000), problems: await problemsOf(dir) };
}

/** Where a text stands in any file below a folder; git's own objects are compressed and are read through git instead. */
export function filesWith(text: string, folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true && readFileSync(path, 'latin1').includes(text));
}
