import { resolve } from 'node:path';
import { createRemoteTrainer, definePlugin, REMOTE_OPTIONS } from '../../../src/plugin.ts';
import { RayClient } from './client.ts';
import { RayEngine } from './engine.ts';
import { needsOf, NEEDS } from './needs.ts';
import { readHeaders } from './token.ts';
import { verifyCluster } from './verify.ts';

export default definePlugin({
  kind: 'trainer',
  name: 'ray',
  apiVersion: 1,
  description: 'Runs trials as jobs of a Ray cluster, over its Jobs API; its machines need git and a POSIX shell.',
  isRemote: true,
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['run'],
    properties: {
      address: {
        type: 'string',
        pattern: '^https?://[^/\\s]+(/\\S*)?$',
        default: 'http://127.0.0.1:8265',
        description: 'Where the dashboard of the cluster answers.',
      },
      tokenEnv: {
        type: 'string',
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        default: 'RAY_AUTH_TOKEN',
        description:
          'The environment variable that holds the token, where the cluster wants one. Where it is not set, RAY_AUTH_TOKEN_PATH and ~/.ray/auth_token are tried, as Ray does.',
      },
      tokenFile: { type: 'string', minLength: 1, description: 'A file that holds the token, in place of the variable.' },
      ...NEEDS,
      runtimeEnv: {
        type: 'object',
        additionalProperties: true,
        properties: { working_dir: { not: {}, description: 'Not to be set: it holds the files of the candidate.' } },
        default: {},
        description: 'The runtime_env of Ray, such as { pip: [torch] } or { image_uri: … }.',
      },
      folder: {
        type: 'string',
        pattern: '^(/[^\\s]+)?$',
        default: '',
        description: 'Where jobs are kept on the machines: a folder of the user of Ray alone. Default: /tmp/autoresearch-<uid>.',
      },
      ...REMOTE_OPTIONS,
    },
  },
  create(options, context) {
    const { address, leaseSeconds, folder, runtimeEnv } = options;
    const tokenFile = options.tokenFile === undefined ? undefined : resolve(context.projectDir, options.tokenFile);
    const client = new RayClient(address, () => readHeaders({ tokenEnv: options.tokenEnv, tokenFile }));
    const engine = new RayEngine(client, { leaseSeconds, folder, runtimeEnv, needs: needsOf(options) }, context.log);
    const trainer = createRemoteTrainer({ options, context, engineOf: () => engine });
    return {
      ...trainer,
      verify: (preflight) => verifyCluster(client, options, preflight),
      async dispose() {
        await trainer.dispose();
        await engine.close();
        client.close();
      },
    };
  },
});
