import { REMOTE_OPTIONS, type RemoteOptions } from '../../../src/plugin.ts';

export interface SlurmOptions extends RemoteOptions {
  readonly folder: string;
  readonly bin: string;
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly time?: string;
  readonly cpus?: number;
  readonly memory?: string;
  readonly gres?: string;
  readonly constraint?: string;
  readonly container?: string;
  readonly sbatch: readonly string[];
}

const word = (description: string) => ({ type: 'string', pattern: '^[^\\s]+$', description }) as const;

export const SLURM_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['folder', 'run'],
  properties: {
    folder: {
      type: 'string',
      pattern: '^/[\\w./+-]+$',
      description:
        'A folder that this machine and all nodes see under the same path, such as /shared/ada/autoresearch. Jobs are kept there.',
    },
    bin: {
      type: 'string',
      pattern: '^(/.*)?$',
      default: '',
      description: 'The folder of sbatch, squeue and scancel, where they are not on PATH. Scripts of these names do as well.',
    },
    partition: word('Partitions, as in sbatch --partition.'),
    account: word('Account that the time is charged to.'),
    qos: word('Quality of service.'),
    time: word('Limit of a job, as in sbatch --time. Default: trainer.timeout and two minutes.'),
    cpus: { type: 'integer', minimum: 1, description: 'Processors for each trial.' },
    memory: word('Memory for each trial, such as 32G.'),
    gres: word('Generic resources for each trial, such as gpu:h100:1.'),
    constraint: word('Features that a node must have. Nodes of one kind have one class of hardware, so that scores can be compared.'),
    container: word('An OCI bundle, as in sbatch --container. It needs git and a POSIX shell, and the shared folder under its path.'),
    sbatch: {
      type: 'array',
      items: { type: 'string', pattern: '^-' },
      default: [],
      description: 'More options of sbatch, such as [--exclusive, "--container-image=…"].',
    },
    ...REMOTE_OPTIONS,
  },
} as const;
