import type { RemoteOptions } from '../../git/remote/open.ts';
import type { RemotePlace } from '../../git/remote/refs.ts';
import type { Repository } from '../../git/repository.ts';
import type { NodeKey } from '../../git/signature/ssh-key.ts';
import type { NodeId } from '../model.ts';
import type { Namespace } from './layout.ts';

/** This node's place in a swarm. */
export interface SwarmPlace {
  readonly repository: Repository;
  readonly run: string;
  /** The remote's name here, or its address. */
  readonly remote: string;
  readonly namespace: Namespace;
  readonly self: NodeId;
  readonly owner: string;
  readonly key: NodeKey;
}

export function remoteOf({ repository, remote }: Pick<SwarmPlace, 'repository' | 'remote'>, options: RemoteOptions): RemotePlace {
  return { dir: repository.top, remote, ...options };
}
