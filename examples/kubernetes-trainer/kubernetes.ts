import { createRemoteTrainer, definePlugin } from 'autoresearch/plugin';
import { Cluster } from './cluster.ts';
import { kubernetesEngine } from './engine.ts';
import { KUBERNETES_SCHEMA } from './options.ts';
import { verifyCluster } from './verify.ts';
import { SharedFolder } from './volume.ts';

export default definePlugin({
  kind: 'trainer',
  name: 'kubernetes',
  apiVersion: 1,
  description: 'Runs each trial as a Job of Kubernetes; files go over a volume that the pods and this machine share.',
  isRemote: true,
  schema: KUBERNETES_SCHEMA,
  create(options, context) {
    const cluster = new Cluster(options, context.projectDir);
    const volume = new SharedFolder(options.folder, context);
    const engine = kubernetesEngine({ options, cluster, volume });
    return {
      ...createRemoteTrainer({ options, context, engineOf: () => engine }),
      verify: (preflight) => verifyCluster({ options, cluster, volume }, preflight),
    };
  },
});
