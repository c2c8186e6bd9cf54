import { resolve } from 'node:path';
import type { ExitCode } from '../errors.ts';
import type { InitFlags } from '../init/draft.ts';
import { CONFIG, initProject } from '../init/index.ts';
import { createLog } from '../log.ts';
import { refuseOverwriting, scaffold } from '../scaffold.ts';
import { catchSignals } from '../signals.ts';
import { print } from './read.ts';

export async function init(dir: string | undefined, flags: InitFlags): Promise<ExitCode> {
  const target = resolve(dir ?? '.');
  if (flags.preset !== undefined) {
    print(await scaffold(target, flags.preset, { ownRepository: false }));
    return 0;
  }
  refuseOverwriting(target, [CONFIG], `change it by hand, and see what it comes to: autoresearch check`);
  const log = createLog({ debug: false });
  using signals = catchSignals(log, 'nothing was written');
  const isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  print(await initProject({ dir: target, flags, isInteractive, signal: signals.signal, say: log.info }));
  return 0;
}
