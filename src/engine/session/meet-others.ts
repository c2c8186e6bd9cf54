import type { Reason } from '../../experiment.ts';
import type { SessionInput } from './session-input.ts';

/** Between experiments: what was heard of other nodes goes into the ledger, and a sync may begin. */
export function meetOthers({ others, ledger, assembly: { hooks } }: SessionInput): void {
  if (others === null) return;
  // An answer of undefined passes on to the next tap, which the types of tapable do not say.
  hooks.stop.tapPromise('other nodes', async () => {
    const news = await others.takeNews();
    if (news !== null) await ledger.append(news);
    return undefined as unknown as Reason;
  });
  hooks.settled.tapPromise('other nodes', async () => others.settled());
}
