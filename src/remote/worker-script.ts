import { join } from 'node:path';
import { ownPackage } from '../plugins/package.ts';

/** The file that is copied to workers and runs trials there. */
export function workerScript(): string {
  return join(ownPackage().dir, 'templates/remote/worker.sh');
}
