import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { ReasonError, workerScript, type RemoteJob } from '../../../src/plugin.ts';

/** The variable that holds what the job is told; Linux takes 128 KiB in one. */
export const TOLD = 'AUTORESEARCH_JOB';
const MOST = 120_000;

/** The files of a job that fit in a variable; `source.pack` comes as the package. */
const FILES = ['program', 'outputs', 'settings', 'prefix', 'tree'];

interface Told {
  readonly leaseSeconds: number;
  /** The key in Ray's store that holds the lease. */
  readonly channel: string;
  /** Where jobs are kept there; empty for the default. */
  readonly folder: string;
}

/**
 * What the job is told, which is not in the package: that lies in a folder which all jobs of the commit on a machine share, so
 * an earlier one could have changed it.
 * @throws ReasonError RAY_REFUSED where it does not fit in a variable
 */
export function tellJob({ key, folder: files }: RemoteJob, { leaseSeconds, channel, folder }: Told): string {
  const read = (path: string) => readFileSync(path, 'utf8');
  const told = {
    key,
    channel,
    folder,
    lease: leaseSeconds,
    submitted: Date.now() / 1000,
    files: Object.fromEntries(FILES.map((name) => [name, read(join(files, name))])),
    'worker.sh': read(workerScript()),
    'ray-job.py': read(join(dirname(workerScript()), 'ray-job.py')),
  };
  const text = deflateSync(JSON.stringify(told), { level: 9 }).toString('base64');
  if (text.length > MOST) throw new ReasonError('RAY_REFUSED', 'the variables and the list of outputs of a trial are too large for Ray');
  return text;
}

/** Runs the job script with the Python that Ray starts it with; the trial may use another one. */
export const ENTRYPOINT = [
  `lib=$(sed -n 's#^.* \\(/.*\\)/ray/_raylet[^/]*\\.so$#\\1#p' /proc/$PPID/maps 2> /dev/null | head -n 1)`,
  `python=$(readlink /proc/$PPID/exe || command -v python3 || echo python)`,
  `export AUTORESEARCH_PYTHONPATH="\${PYTHONPATH:-}" PYTHONPATH="\${lib:+$lib:}\${PYTHONPATH:-}"`,
  `exec "$python" -B -c 'import base64, json, os, zlib; wanted = json.loads(zlib.decompress(base64.b64decode(os.environ["${TOLD}"]))); exec(compile(wanted["ray-job.py"], "ray-job.py", "exec"))'`,
].join('; ');
