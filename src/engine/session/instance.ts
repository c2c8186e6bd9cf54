import type { Kind, ProposalLimits, Roles, Team } from '../../plugin.ts';

/** A created plugin with its place in the config; an agent that has agents of its own is a team. */
export type Instance = RoleInstance | TeamInstance;
type RoleInstance = {
  [K in Kind]: {
    readonly kind: K;
    readonly path: string;
    readonly label: string;
    readonly role: Roles[K];
    /** Of an agent: what one proposal may take, where the config says. */
    readonly timeoutMs?: number;
    readonly limits?: ProposalLimits;
    readonly fixAttempts?: number;
    readonly optional?: boolean;
  };
}[Kind];
export interface TeamInstance {
  readonly kind: 'team';
  readonly path: string;
  readonly label: string;
  readonly role: Team;
}
export type AgentInstance = Extract<Instance, { readonly kind: 'agent' }>;
