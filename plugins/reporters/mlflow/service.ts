import { basename } from 'node:path';
import type { RunEnd, RunView, SettledExperiment } from '../../../src/plugin.ts';
import { millis } from '../_delivery/facts.ts';
import type { Service } from '../_delivery/service.ts';
import { Api, type Pair } from './api.ts';
import { auditBatch, experimentBatch, pairs, progressOf, runBatch } from './records.ts';

interface Options {
  readonly uriVariable: string;
  readonly experiment: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly artifacts: boolean;
  readonly timeoutMs: number;
  readonly projectDir: string;
}

const ENDS: Record<RunEnd['outcome'], string> = { stopped: 'FINISHED', interrupted: 'KILLED', failed: 'FAILED' };

/** A run of ours is a run there, and each experiment a child of it. Both are found by a tag, so that none is made twice. */
export function mlflowService({ uriVariable, experiment, tags, artifacts, timeoutMs, projectDir }: Options): Service {
  let place: { readonly api: Api; readonly experiment: string; readonly parent: string } | null = null;
  const here = () => {
    if (place === null) throw new Error('it is not open');
    return place;
  };

  const child = async (run: RunView, record: SettledExperiment, isNew: boolean, signal: AbortSignal) => {
    const { api, experiment: id, parent } = here();
    const key = keyOf(run, record.id);
    const found = isNew ? null : await api.findRun(id, key, signal);
    if (found !== null) return found;
    const body = {
      experiment_id: id,
      run_name: `#${record.id} ${record.proposal.title}`.slice(0, 250),
      start_time: millis(record.startedAt),
      tags: [key, { key: 'mlflow.parentRunId', value: parent }],
    };
    return api.createRun(body, signal);
  };

  return {
    async open(run, signal) {
      const api = new Api({ uri: process.env[uriVariable] ?? '', timeoutMs });
      const id = await api.experiment(experiment, signal);
      const key = keyOf(run);
      const found = await api.findRun(id, key, signal);
      const now = Date.now();
      const body = {
        experiment_id: id,
        run_name: run.name,
        start_time: now,
        tags: [key, ...pairs({ 'mlflow.source.name': basename(projectDir) })],
      };
      const { run_id: parent } = found ?? (await api.createRun(body, signal));
      if (found === null) await api.log(parent, runBatch(run, tags), signal);
      else await api.updateRun({ run_id: parent, status: 'RUNNING' }, signal);
      place = { api, experiment: id, parent };
    },
    async experiment({ run, record, isNew }, signal) {
      const { api, parent } = here();
      const whole = await record();
      const info = await child(run, whole, isNew, signal);
      await Promise.all([
        api.log(info.run_id, experimentBatch(whole), signal),
        artifacts && api.store(info, 'record.json', `${JSON.stringify(whole, null, 1)}\n`, signal),
        api.log(parent, progressOf(whole), signal),
      ]);
      const status = whole.verdict === 'crash' ? 'FAILED' : 'FINISHED';
      await api.updateRun({ run_id: info.run_id, status, end_time: millis(whole.settledAt) }, signal);
    },
    async audit(audit, index, _run, signal) {
      const { api, parent } = here();
      await api.log(parent, auditBatch(audit, index), signal);
    },
    // On the run itself: a child is made once its experiment is in the ledger.
    async live(points, signal) {
      if (place === null) return false;
      const metrics = points.map(({ key, value, timestamp, step }) => ({ key, value, timestamp, step }));
      return place.api.log(place.parent, { metrics }, signal);
    },
    async end(_run, { outcome, reason }, signal) {
      const { api, parent } = here();
      await api.log(parent, { tags: pairs({ 'autoresearch.end': `${outcome}: ${reason.text}` }) }, signal);
      await api.updateRun({ run_id: parent, status: ENDS[outcome], end_time: Date.now() }, signal);
    },
  };
}

function keyOf(run: RunView, id?: number): Pair {
  const own = run.ledger?.id ?? run.name;
  return { key: 'autoresearch.key', value: (id === undefined ? own : `${own}/${id}`).replaceAll(/[^\w./-]/g, '_') };
}
