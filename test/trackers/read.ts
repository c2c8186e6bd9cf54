import { execFileSync } from 'node:child_process';
import { PYTHON } from './installed.ts';

const python = (script: string, folder: string) =>
  execFileSync(PYTHON, ['-c', script, folder], { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] });

/** By run and tag, what TensorBoard itself reads: pairs of step and value; texts as they are. */
export function readTensorboard(logDir: string): Record<string, Record<string, [number, number | string][]>> {
  const script = `
import json, sys
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
from tensorboard.util import tensor_util
runs = EventMultiplexer(size_guidance={'tensors': 0, 'scalars': 0}).AddRunsFromDirectory(sys.argv[1])
runs.Reload()
found = {}
for run, kinds in runs.Runs().items():
    tags = found.setdefault(run, {})
    for tag in kinds['scalars']:
        tags[tag] = [[one.step, one.value] for one in runs.Scalars(run, tag)]
    for tag in kinds['tensors']:
        values = [(one.step, tensor_util.make_ndarray(one.tensor_proto)) for one in runs.Tensors(run, tag)]
        tags[tag] = [[step, value.item().decode() if value.dtype == object else value.item()] for step, value in values]
print(json.dumps(found))
`;
  return JSON.parse(python(script, logDir)) as ReturnType<typeof readTensorboard>;
}

/** Every row of history in the offline files of W&B below a folder, with its step, in the order of the files. */
export function readWandb(folder: string): { readonly step: number; readonly row: Readonly<Record<string, unknown>> }[] {
  const script = `
import glob, json, struct, sys
from wandb.proto.wandb_internal_pb2 import Record
rows = []
for file in sorted(glob.glob(sys.argv[1] + '/wandb/offline-run-*/run-*.wandb')):
    data = open(file, 'rb').read()
    at, parts = 7, b''
    while at + 7 <= len(data):
        left = 32768 - at % 32768
        if left < 7:
            at += left
            continue
        size, kind = struct.unpack('<HB', data[at + 4 : at + 7])
        if kind == 0 or at + 7 + size > len(data):
            break
        parts += data[at + 7 : at + 7 + size]
        at += 7 + size
        if kind in (1, 4):
            record = Record()
            record.ParseFromString(parts)
            parts = b''
            if record.WhichOneof('record_type') == 'history':
                row = {(one.key or '/'.join(one.nested_key)): json.loads(one.value_json) for one in record.history.item}
                rows.append({'step': record.history.step.num, 'row': row})
print(json.dumps(rows))
`;
  return JSON.parse(python(script, folder)) as ReturnType<typeof readWandb>;
}

export interface MlflowRun {
  readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string; readonly artifact_uri: string };
  readonly data: {
    readonly metrics?: readonly { readonly key: string; readonly value: number; readonly step: number }[];
    readonly params?: readonly { readonly key: string; readonly value: string }[];
    readonly tags?: readonly { readonly key: string; readonly value: string }[];
  };
}

/** All runs of an experiment of MLflow, read by its REST interface. */
export async function readMlflow(url: string, experiment: string): Promise<MlflowRun[]> {
  const found = (await ask(`${url}/api/2.0/mlflow/experiments/get-by-name?experiment_name=${experiment}`)) as {
    experiment: { experiment_id: string };
  };
  const body = JSON.stringify({ experiment_ids: [found.experiment.experiment_id], max_results: 1000 });
  const { runs = [] } = (await ask(`${url}/api/2.0/mlflow/runs/search`, body)) as { runs?: MlflowRun[] };
  return runs;
}

export async function mlflowHistory(url: string, run: string, metric: string): Promise<[step: number, value: number][]> {
  const { metrics = [] } = (await ask(`${url}/api/2.0/mlflow/metrics/get-history?run_id=${run}&metric_key=${metric}`)) as {
    metrics?: { step: number; value: number }[];
  };
  return metrics.map(({ step, value }) => [Number(step), value] as [number, number]).toSorted(([a], [b]) => a - b);
}

export const tagOf = (run: MlflowRun, key: string): string | undefined => run.data.tags?.find((tag) => tag.key === key)?.value;

async function ask(url: string, body?: string): Promise<unknown> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body && { body }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}
