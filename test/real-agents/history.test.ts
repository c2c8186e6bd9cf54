import { expect, it } from 'vitest';
import { verdicts } from '../helpers/project.ts';
import { playNight } from './night.ts';
import { expectSound } from './nights.ts';

const AGENTS = ['claude-code', 'codex', 'gemini', 'opencode', 'acp gemini'] as const;

it.each(AGENTS)('%s reads what was tried from the server it is given', async (agent) => {
  const night = await playNight(agent, 'history', { options: { history: 'mcp' } });
  expect(verdicts(night.experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
  const [first, last] = [night.models.requests.find(({ body }) => body.includes('The record of this run')), night.models.requests.at(-1)];
  expect(first).toBeDefined();
  // What `list` and `show` answered, in the words of whichever API: a row, and a trial of the baseline.
  const said = last?.body.replaceAll('\\', '') ?? '';
  expect(said).toContain('"code":"BASELINE"');
  expect(said).toMatch(/"trials":\[\{"index":0,"exit":"completed"/);
  expectSound(night);
});
