import { REMOTE_OPTIONS, type RemoteOptions } from 'autoresearch/plugin';

export interface KubernetesOptions extends RemoteOptions {
  readonly image: string;
  readonly claim: string;
  readonly folder: string;
  readonly subPath: string;
  readonly namespace?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly unknown[];
  readonly priorityClass?: string;
  readonly imagePullSecrets: readonly string[];
  readonly user?: number;
  readonly group?: number;
  readonly keepSeconds: number;
}

const text = (description: string) => ({ type: 'string', minLength: 1, description }) as const;
const texts = (description: string) => ({ type: 'object', additionalProperties: { type: 'string' }, default: {}, description }) as const;
const id = (description: string) => ({ type: 'integer', minimum: 0, description }) as const;

export const KUBERNETES_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['image', 'claim', 'folder', 'run'],
  properties: {
    image: text('The image of trials, best with a digest. It needs git, a POSIX shell, setsid or perl, and what run names.'),
    claim: text('The PersistentVolumeClaim that pods mount: of a volume that this machine has mounted too.'),
    folder: {
      type: 'string',
      pattern: '^/[\\w./+-]+$',
      description: 'The folder of this machine in which jobs are kept, on that volume, such as /mnt/trials/autoresearch.',
    },
    subPath: {
      type: 'string',
      pattern: '^([\\w+-][\\w./+-]*)?$',
      default: '',
      description: 'The same folder, as seen from the root of the claim, such as autoresearch; empty where it is the root.',
    },
    namespace: text('Where jobs are made. Default: the one of the context, else default.'),
    kubeconfig: text('A kubeconfig. Default: as kubectl has it (KUBECONFIG, ~/.kube/config), else the service account of this pod.'),
    context: text('The context of the kubeconfig. Default: its current one.'),
    resources: {
      type: 'object',
      additionalProperties: false,
      properties: {
        requests: texts('What the scheduler sets aside, such as { cpu: "4", memory: 16Gi }.'),
        limits: texts('What a trial may have, such as { memory: 16Gi, nvidia.com/gpu: "1" }.'),
      },
      default: {},
      description: 'As the container of a pod has it.',
    },
    nodeSelector: texts('Labels that a node must have. Nodes of one kind have one class of hardware, so that scores can be compared.'),
    tolerations: { type: 'array', items: { type: 'object' }, default: [], description: 'As a pod has them.' },
    priorityClass: text('The PriorityClass of the pods.'),
    imagePullSecrets: { type: 'array', items: { type: 'string' }, default: [], description: 'Names of secrets for the registry.' },
    user: id('The numeric user of pods. Default: yours here, so that both sides may read and remove the files.'),
    group: id('The numeric group of pods. Default: yours here.'),
    keepSeconds: {
      type: 'integer',
      minimum: 60,
      default: 3600,
      description: 'ttlSecondsAfterFinished: how long Kubernetes keeps an ended job that autoresearch did not remove.',
    },
    ...REMOTE_OPTIONS,
  },
} as const;
