import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig, type ConfigRequest, type LoadedConfig } from '../../src/config/load-config.ts';
import { AutoresearchErrors, formatError } from '../../src/errors.ts';

/** Makes a folder with these files, removed after the test. */
export function makeProject(files: Readonly<Record<string, string>>): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'autoresearch-config-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

/** A whole config that is good, with parts replaced. */
export function goodConfig(parts: Readonly<Record<string, string>> = {}): string {
  const lines: Record<string, string> = {
    scope: 'scope: { edit: [train.mjs] }',
    objective: 'objective: { use: single, with: { metric: loss, direction: minimize } }',
    agent: 'agent: { use: ./plugins.mjs#none, timeout: 1m }',
    trainer: 'trainer: { use: command, with: { run: [node, train.mjs] }, timeout: 5s }',
    metrics: "metrics: { loss: { use: regex, with: { pattern: '^loss: (.+)$' } } }",
    reporters: 'reporters: [{ use: ./plugins.mjs#quiet }]',
    ...parts,
  };
  return `${Object.values(lines).filter(Boolean).join('\n')}\n`;
}

/** Plugins that need nothing else: an agent that proposes nothing, a silent reporter, gates and a metric with options. */
export const PLUGINS = `
const base = { apiVersion: 1, description: 'For tests.', schema: false };
const closed = (properties) => ({ type: 'object', additionalProperties: false, properties });
export default [
  { ...base, kind: 'agent', name: 'none', create: () => ({ propose: async () => ({ status: 'exhausted', reason: 'nothing' }) }) },
  { ...base, kind: 'reporter', name: 'quiet', create: () => ({}) },
  { ...base, kind: 'gate', name: 'better', create: () => ({ improvement: true }) },
  { ...base, kind: 'gate', name: 'calm', create: () => ({}) },
  { ...base, kind: 'gate', name: 'limit', create: (options) => { if (options.max < options.min) throw new Error('max is below min'); return {}; },
    schema: { ...closed({ metric: { type: 'string' }, metrics: { type: 'array', items: { type: 'string' } }, min: { type: 'number', default: 0 }, max: { type: 'number' } }), required: ['max'] } },
];
`;

/** A project with a good config, the plugins above, and more files. */
export function makeGoodProject(parts: Readonly<Record<string, string>> = {}, files: Readonly<Record<string, string>> = {}): string {
  return makeProject({ 'autoresearch.config.yaml': goodConfig(parts), 'plugins.mjs': PLUGINS, ...files });
}

export function load(cwd: string, request: Partial<ConfigRequest> = {}): Promise<LoadedConfig> {
  return loadConfig({ cwd, ...request });
}

/** The first lines of all errors of a config, without frames and hints. */
export async function problems(cwd: string, request: Partial<ConfigRequest> = {}): Promise<string[]> {
  return (await failures(cwd, request)).errors.map((error) => formatError(error).split('\n')[0] ?? '');
}

export async function failures(cwd: string, request: Partial<ConfigRequest> = {}): Promise<AutoresearchErrors> {
  try {
    await load(cwd, request);
  } catch (error) {
    if (error instanceof AutoresearchErrors) return error;
    throw error;
  }
  throw new Error('the config is good');
}
