/** The rules of engines, for jobs of the cluster of the current context: node --test engine.test.ts */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeContext, testRemoteEngine } from 'autoresearch/testing';
import { Cluster } from './cluster.ts';
import { kubernetesEngine } from './engine.ts';
import { SharedFolder } from './volume.ts';

const folder = process.env['AUTORESEARCH_SHARED'] ?? '/mnt/trials/autoresearch';
const jobs = join(folder, 'jobs');

testRemoteEngine({
  name: 'kubernetes',
  open(given) {
    const options = {
      ...given,
      folder,
      image: 'trainer:1',
      claim: 'trials',
      subPath: '',
      resources: { requests: {}, limits: {} },
      nodeSelector: {},
      tolerations: [],
      imagePullSecrets: [],
      keepSeconds: 3600,
    };
    const cluster = new Cluster(options, process.cwd());
    return { engine: kubernetesEngine({ options, cluster, volume: new SharedFolder(folder, makeContext({ projectDir: folder })) }) };
  },
  left: () => [...readdirSync(folder).filter((name) => name.startsWith('job.')), ...(existsSync(jobs) ? readdirSync(jobs) : [])],
});
