import { expect, it } from 'vitest';
import { makeRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';
import { AGENTS, type AgentName } from './installed.ts';
import { agentOptions, configWith, FILES, KEY, makeFolder, stubKeys } from './night.ts';

it('check says of every agent its version, how it signs in and who holds it', async () => {
  stubKeys();
  const dir = makeFolder();
  const names = Object.keys(AGENTS) as AgentName[];
  const chain = names.map((name) => ({ use: name, with: agentOptions(name, 'http://127.0.0.1:9') }));
  makeRepo({ 'autoresearch.config.yaml': JSON.stringify(configWith(chain)), ...FILES }, dir);
  const { code, stdout, stderr } = await runCli(['check'], { cwd: dir });
  expect(stderr).not.toContain('problem');
  expect(code).toBe(0);
  for (const name of names) expect(stdout).toContain(`${AGENTS[name].bin} ${AGENTS[name].version}`);
  expect(stdout.match(/login: key in \w+, metered on the way to http:\/\/127\.0\.0\.1:9$/gm)).toHaveLength(names.length);
  expect(stdout.match(/scope: .*scope\.edit/g)).toHaveLength(names.length);
  expect(stdout).not.toContain(KEY);
});
