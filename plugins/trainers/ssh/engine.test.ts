/** The rules of engines, for jobs of a real sshd on this machine. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, it } from 'vitest';
import { shellEngine } from '../../../src/plugin.ts';
import { makeContext, testRemoteEngine } from '../../../src/testing.ts';
import { SSHD, startSshd } from '../../../test/helpers/sshd.ts';
import { Host } from './host.ts';

const server = SSHD === null ? null : await startSshd();
const shared = mkdtempSync(join(tmpdir(), 'autoresearch-shared-'));
afterAll(async () => {
  rmSync(shared, { recursive: true, force: true });
  await server?.remove();
});

if (server === null) {
  it.skip('the rules of engines over ssh: there is no sshd', () => {});
} else {
  const names = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []).filter((name) => !name.startsWith('worker.'));
  testRemoteEngine({
    name: 'ssh',
    shared,
    open({ sandbox }) {
      const host = new Host(
        server.host,
        { folder: server.folder, ssh: server.ssh, connectSeconds: 20, sandbox },
        makeContext({ projectDir: tmpdir() }),
      );
      return { engine: shellEngine(host.call), close: () => host.close() };
    },
    left: () => [...names(server.folder).filter((name) => name !== 'jobs'), ...names(join(server.folder, 'jobs'))],
  });
}
