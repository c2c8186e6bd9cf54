import { setTimeout as sleep } from 'node:timers/promises';
import type { EnginePlace } from './engine-place.ts';
import { expectThat, type Declare } from './law.ts';

type WithLease = (leaseSeconds: number, body: (place: EnginePlace) => Promise<void>) => Promise<void>;

/** A busy machine does everything late: what it does not manage with the shortest lease it gets more time for. */
const LEASES = [6, 20, 60];

/** A job lives as long as somebody asks for it. */
export function testEngineLeases(law: Declare, withLease: WithLease): void {
  law('ends a job that nobody asks for', 'its end, or a loss, once its lease is over', () =>
    withLease(LEASES[0] ?? 0, async (place) => {
      const engine = await place.open();
      const handle = await place.submit(engine, await place.job('while :; do sleep 0.2; done'));
      // On a busy machine the lease may be over before it was seen to run.
      if ((await place.until(engine, handle, 'running', 'ended', 'lost')).state !== 'running') return;
      for (const seconds of LEASES) {
        await sleep(seconds * 1500);
        // Asking renews the lease.
        const { state } = await engine.poll(handle);
        if (state === 'ended' || state === 'lost') return;
      }
      expectThat(false, `it ran on ${(LEASES.at(-1) ?? 0) * 1.5} s after it was last asked for, with a lease of ${LEASES[0]} s`);
    }),
  );

  law('keeps a job that is asked for longer than its lease', 'exit code 0', async () => {
    const ends: string[] = [];
    for (const seconds of LEASES) {
      await withLease(seconds, async (place) => {
        const engine = await place.open();
        const handle = await place.submit(engine, await place.job(`sleep ${seconds * 1.5}`));
        const seen = await place.until(engine, handle, 'ended', 'lost');
        ends.push(JSON.stringify(seen));
      });
      if (ends.at(-1)?.includes('"exitCode":0')) return;
    }
    expectThat(false, `with leases of ${LEASES.join(', ')} s: ${ends.join(', ')}`);
  });
}
