/** The rules of engines, for jobs of a real Ray on this machine. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, it } from 'vitest';
import { RayClient } from '../../plugins/trainers/ray/client.ts';
import { RayEngine } from '../../plugins/trainers/ray/engine.ts';
import { makeContext, testRemoteEngine } from '../../src/testing.ts';
import { NO_NAMESPACE } from '../helpers/network-namespace.ts';
import { Cluster } from './cluster.ts';

const cluster = NO_NAMESPACE === null ? await Cluster.start() : null;
const shared = mkdtempSync(join(tmpdir(), 'autoresearch-shared-'));
afterAll(async () => {
  rmSync(shared, { recursive: true, force: true });
  await cluster?.stop();
});

if (cluster === null) {
  it.skip(`the rules of engines on Ray: left out, ${NO_NAMESPACE}`, () => {});
} else {
  const { address, folder } = cluster;
  testRemoteEngine({
    name: 'ray',
    shared,
    open({ leaseSeconds }) {
      const client = new RayClient(address, () => ({ authorization: `Bearer ${readFileSync(cluster.tokenFile, 'utf8')}` }));
      const options = { leaseSeconds, folder, needs: { entrypoint_num_cpus: 1 }, runtimeEnv: {} };
      const engine = new RayEngine(client, options, makeContext().log);
      return {
        engine,
        async close() {
          await engine.close();
          client.close();
        },
      };
    },
    left: async () => [
      ...readdirSync(folder).filter((name) => name.startsWith('job.')),
      ...(await cluster.jobs())
        .filter(({ status }) => status === 'PENDING' || status === 'RUNNING')
        .map(({ submission_id }) => submission_id),
    ],
  });
}
