/** A short search of tiny-lm over a real sshd; bench/nights-on-engines.ts is the long one, on each engine. */
import { expect, it, onTestFinished } from 'vitest';
import { firstDifference } from '../../../bench/nights-on-engines/comparable.ts';
import { night } from '../../../bench/nights-on-engines/night.ts';
import { makeFolder } from '../../../test/helpers/repo.ts';
import { SSHD, startSshd } from '../../../test/helpers/sshd.ts';

it.skipIf(SSHD === null)(
  'a search of tiny-lm over ssh leaves the records that it leaves here, but for slot, hardware and times',
  async () => {
    const server = await startSshd();
    onTestFinished(() => server.remove());
    const options = { hosts: [server.host], ssh: server.ssh, folder: server.folder, pollSeconds: 0.2 };
    // The audit at the end would take as long as all experiments.
    const settings = { gates: [{ use: 'posterior' }] };
    const here = await night(makeFolder(), { use: 'command' }, 4, settings);
    const there = await night(makeFolder(), { use: 'ssh', with: options }, 4, settings);
    expect(firstDifference(here.records, there.records)).toBe(null);
    expect([here.problems, there.problems, there.experiments]).toEqual([[], [], 5]);
    expect(there.hardware).toEqual([expect.stringMatching(/./)]);
  },
);
