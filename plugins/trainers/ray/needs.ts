/** What a job needs of a machine, as Ray counts it. */
export interface NeedsOptions {
  readonly numCpus: number;
  readonly numGpus: number;
  readonly memoryMb: number;
  readonly resources: Readonly<Record<string, number>>;
}

/** The schema of these options. */
export const NEEDS = {
  numCpus: { type: 'number', minimum: 0, default: 1, description: 'Processors of each trial, by which Ray places it.' },
  numGpus: { type: 'number', minimum: 0, default: 0, description: 'GPUs of each trial; Ray sets CUDA_VISIBLE_DEVICES there.' },
  memoryMb: { type: 'integer', minimum: 0, default: 0, description: 'MiB of memory by which Ray places it; 0 for no matter.' },
  resources: {
    type: 'object',
    additionalProperties: { type: 'number', exclusiveMinimum: 0 },
    default: {},
    description: 'Other resources that it needs, such as { "accelerator_type:H100": 0.01 }.',
  },
} as const;

/** The same as fields of a submission to Ray's Jobs API. */
export function needsOf({ numCpus, numGpus, memoryMb, resources }: NeedsOptions): Record<string, unknown> {
  return {
    entrypoint_num_cpus: numCpus,
    ...(numGpus > 0 && { entrypoint_num_gpus: numGpus }),
    ...(memoryMb > 0 && { entrypoint_memory: memoryMb * 1024 * 1024 }),
    ...(Object.keys(resources).length > 0 && { entrypoint_resources: resources }),
  };
}

/** The same by the resource names of Ray's machines, such as CPU. */
export function wantedOf({ numCpus, numGpus, memoryMb, resources }: NeedsOptions): Record<string, number> {
  const wanted = { CPU: numCpus, GPU: numGpus, memory: memoryMb * 1024 * 1024, ...resources };
  return Object.fromEntries(Object.entries(wanted).filter(([, amount]) => amount > 0));
}
