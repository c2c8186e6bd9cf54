import { existsSync } from 'node:fs';
import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunView, SettledExperiment } from '../../../src/plugin.ts';
import type { Service } from '../_delivery/service.ts';
import { BlockFile } from './append.ts';
import { header, pointFrame } from './frames.ts';
import { auditPoints, curvePoints, experimentPoints } from './points.ts';

interface Places {
  /** What TensorBoard is started on. */
  readonly logDir: string;
  /** The run's own folder. */
  runDir(run: RunView): string;
  readonly curves: 'keeps' | 'all' | 'none';
}

/** Event files: one of the run, and one for each experiment whose curves are shown. */
export function tensorboardService({ logDir, runDir, curves }: Places): Service {
  // The name holds no time, so that every session of the run writes to one file.
  const nameOf = (run: RunView) => `events.out.tfevents.0000000000.${(run.ledger?.id ?? 'run').slice(0, 12)}`;
  let file: BlockFile | null = null;
  const fileOf = (run: RunView) =>
    (file ??= new BlockFile(
      join(logDir, run.name, nameOf(run)),
      join(runDir(run), `tensorboard-${(run.ledger?.id ?? 'run').slice(0, 12)}.mark`),
      header(0),
    ));

  const writeCurves = async (run: RunView, experiment: SettledExperiment) => {
    const points = curves === 'none' || (curves === 'keeps' && experiment.verdict !== 'keep') ? [] : curvePoints(experiment);
    if (points.length === 0) return;
    const file = join(logDir, run.name, 'curves', String(experiment.id).padStart(4, '0'), nameOf(run));
    await mkdir(dirname(file), { recursive: true });
    // TensorBoard reads no file of this name, so it never sees half of one.
    const part = join(dirname(file), '.part');
    await writeFile(part, Buffer.concat([header(0), ...points.map(pointFrame)]));
    await rename(part, file);
  };

  // A file of this session, so that one that a kill has cut short is never added to.
  let live: string | null = null;

  return {
    open(run) {
      live ??= join(logDir, run.name, 'live', `events.out.tfevents.${Math.floor(Date.now() / 1000)}.${process.pid}`);
      return Promise.resolve();
    },
    async live(points) {
      if (live === null) return false;
      const frames = points.map(({ key, step, value, timestamp }) => pointFrame({ tag: key, step, value, seconds: timestamp / 1000 }));
      await mkdir(dirname(live), { recursive: true });
      return appendFile(live, Buffer.concat(existsSync(live) ? frames : [header(0), ...frames]));
    },
    async experiment({ run, record }) {
      const experiment = await record();
      await writeCurves(run, experiment);
      await fileOf(run).append(`experiment ${experiment.id}`, Buffer.concat(experimentPoints(experiment).map(pointFrame)));
    },
    async audit(audit, index, run) {
      await fileOf(run).append(`audit ${index}`, Buffer.concat(auditPoints(audit).map(pointFrame)));
    },
  };
}
