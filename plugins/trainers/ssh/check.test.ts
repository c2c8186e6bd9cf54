/** What `check` says of a real sshd on this machine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf, projectFiles } from '../../../test/helpers/project.ts';
import { makeRepo } from '../../../test/helpers/repo.ts';
import { runCli } from '../../../test/helpers/run-cli.ts';
import { SSHD, trainerOnSsh, startSshd, type Sshd } from '../../../test/helpers/sshd.ts';

describe.skipIf(SSHD === null)('check, with trials over ssh', () => {
  let server: Sshd;
  beforeAll(async () => void (server = await startSshd()));
  afterAll(async () => server?.remove());

  const check = async (options: object) => {
    const trainer = trainerOnSsh(server, { hosts: [server.host, server.host], ...options });
    const repo = makeRepo(projectFiles(configOf({ trainer })));
    return runCli(['check', '--json'], { cwd: repo.dir });
  };

  it('runs a trial that does nothing once on each host, and says what it took', async () => {
    const { code, stdout } = await check({});
    const { places } = JSON.parse(stdout) as { places: string[] };
    expect(code).toBe(0);
    expect(places).toEqual([
      expect.stringMatching(/^.+@127\.0\.0\.1: .+ x \d+, (in bwrap|without a sandbox); a trial that does nothing takes \d+\.\d s$/),
    ]);
  });
});
