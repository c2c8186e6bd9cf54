import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { SCENARIOS } from '../helpers/stub-models/scenarios.ts';
import { startStubModels } from '../helpers/stub-models/server.ts';
import { verdicts } from '../helpers/project.ts';
import { makeFolder, playNight } from './night.ts';
import { testNights } from './nights.ts';

testNights('claude-code');

it('claude-code works with what it has in your home folder, where the config lets it write there', async () => {
  const home = makeFolder();
  mkdirSync(join(home, '.claude'));
  writeFileSync(join(home, '.claude.json'), '{}');
  vi.stubEnv('HOME', home);
  const models = await startStubModels(SCENARIOS.edit);
  // A login cannot be had here: a key it reads itself stands for one, and nothing goes through the meter.
  vi.stubEnv('ANTHROPIC_BASE_URL', models.url);
  const night = await playNight('claude-code', 'edit', {
    options: { login: true, env: ['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY'] },
    config: { workspace: { writable: ['~/.claude', '~/.claude.json'] } },
  });
  await models.close();
  expect(verdicts(night.experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
  const { requests: _requests, ...tokens } = models.served;
  expect(night.tried?.proposal.usage).toMatchObject({ ...tokens, source: 'agent' });
  expect(night.tried?.proposal.usage?.usd).toBeGreaterThan(0);
  expect(readdirSync(join(home, '.claude'))).not.toEqual([]);
  expect(night.left).toEqual([]);
});
