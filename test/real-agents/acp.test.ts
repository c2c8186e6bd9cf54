import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verdicts } from '../helpers/project.ts';
import { filesWith, playNight, type Night } from './night.ts';
import { expectReport, expectSound, testNights } from './nights.ts';

testNights('acp gemini');

/** Was it said between engine and agent? */
const wasSaid = (text: string, { dir }: Night) => filesWith(text, join(dir, '.autoresearch')).some((path) => path.endsWith('output.log'));

describe('over the protocol', () => {
  it('a second agent has its edit kept', async () => {
    const night = await playNight('acp opencode', 'edit');
    expect(verdicts(night.experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expectReport('acp opencode', night);
    expectSound(night);
  });

  it.each(['acp gemini', 'acp opencode'] as const)('%s asks before it writes what is out of scope, and is told no', async (agent) => {
    const night = await playNight(agent, 'out of scope');
    expect(verdicts(night.experiments)).toEqual(['#0 keep BASELINE', '#1 discard NO_CHANGE']);
    expect(wasSaid('session/request_permission', night)).toBe(true);
    expectSound(night);
  });

  it('an agent whose model never answers is cancelled, and says so', async () => {
    const night = await playNight('acp opencode', 'silent', { idle: '20s' });
    expect(verdicts(night.experiments)).toEqual(['#0 keep BASELINE', '#1 discard NO_PROPOSAL']);
    expect(night.tried?.reason.text).toContain('idle: ');
    expect(wasSaid('"stopReason":"cancelled"', night)).toBe(true);
    expectSound(night, { isCut: true });
  });
});
