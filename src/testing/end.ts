import type { AnyDefinition, Roles } from '../plugin.ts';
import { Breach } from './law.ts';
import { settlesWithin } from './settles.ts';

const LIMIT_MS = 10_000;

/** Ends an instance, twice, as a run that is stopped while it ends does. */
export async function disposeTwice(instance: Roles[AnyDefinition['kind']]): Promise<void> {
  for (const time of ['first', 'second']) {
    try {
      await settlesWithin(LIMIT_MS, Promise.resolve(instance.dispose?.()));
    } catch (error) {
      throw new Breach(`the ${time} call of dispose failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
