import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import type { Usage } from '../../experiment.ts';
import type { Proposed } from '../../hooks.ts';
import type { AgentResult, Brief, FailureKind } from '../../plugin.ts';
import type { AgentInstance, Instance } from '../session/instance.ts';
import type { AgentChain, Asking, Decline } from './agent-chain.ts';
import { restAfter } from './rest.ts';
import { addUsage } from './usage.ts';

interface Policy {
  /** How often it is asked again at once for the same experiment. */
  readonly again: number;
  /** Does it rest while the next agent is asked? */
  readonly rests?: true;
  /** Is it not asked again in this session? */
  readonly isOut?: true;
  /** Does it need a shorter prompt the next time? */
  readonly isShorter?: true;
}

const SERVICE: Policy = { again: 0, rests: true };
const AT_ONCE: Policy = { again: 2 };
const NOT_AGAIN: Policy = { again: 0 };
const OUT: Policy = { again: 0, isOut: true };
const PAUSE_MS = 1000;

const POLICIES: Readonly<Record<FailureKind, Policy>> = {
  'rate-limit': SERVICE,
  overloaded: SERVICE,
  network: SERVICE,
  crash: AT_ONCE,
  timeout: { again: 1 },
  idle: { again: 1 },
  'bad-output': { again: 1 },
  'context-overflow': { again: 1, isShorter: true },
  'turn-limit': NOT_AGAIN,
  budget: NOT_AGAIN,
  cancelled: NOT_AGAIN,
  auth: OUT,
  'not-installed': OUT,
  config: OUT,
};

/** Is the agent of no use in this session? */
export function isOut({ kind }: Decline): boolean {
  return kind !== 'exhausted' && POLICIES[kind].isOut === true;
}

/** Is its service unavailable? */
export function isUnreachable({ rest }: Decline): boolean {
  return rest !== undefined;
}

/** Asks one agent, with retries by kind of failure; undefined if the next agent of the chain should be asked. */
export async function askAgent(agent: AgentInstance, brief: Brief, chain: AgentChain): Promise<Proposed | undefined> {
  const { label, path, role } = agent;
  if (brief.fix && (brief.fix.agent !== label || brief.fix.round > fixAttemptsOf(agent))) return undefined;
  const asking = chain.of(brief);
  const before = chain.out.get(path);
  if (before) return declined(asking, before);
  const resting = chain.resting.get(path);
  if (resting?.rest !== undefined && resting.rest.until > performance.now()) return declined(asking, resting);
  const rested = resting?.rest?.experiment === brief.id ? resting.rest.times : 0;
  const began = performance.now();
  let used: Usage = {};
  let share = 1;
  for (let attempt = 0; ; attempt++) {
    const limits = limitsOf(agent, asking);
    const own: Brief = {
      ...brief,
      attempt: rested + attempt,
      limits,
      timeoutMs: agent.timeoutMs ?? brief.timeoutMs,
      prompt: () => brief.prompt(share),
    };
    const result = await told(label, own, chain, () => chain.call(brief, async () => checked(await role.propose(own))));
    brief.signal.throwIfAborted();
    asking.spent = addUsage(asking.spent, result.usage);
    asking.spends(asking.spent.usd ?? 0);
    used = addUsage(used, result.usage);
    chain.resting.delete(path);
    if (result.status === 'proposed' || result.status === 'no-change') return { agent: label, result };
    await asking.startOver();
    const took = { seconds: (performance.now() - began) / 1000, usage: used };
    if (result.status === 'exhausted') return declined(asking, { agent: label, kind: 'exhausted', message: result.reason, took });
    // A plugin without types may give an unknown kind.
    const kind = Object.hasOwn(POLICIES, result.kind) ? result.kind : 'crash';
    const policy = POLICIES[kind];
    if (attempt < policy.again) {
      if (policy.isShorter) share /= 2;
      await sleep(PAUSE_MS * 2 ** attempt, undefined, { signal: brief.signal });
      continue;
    }
    const rest = policy.rests && restAfter(result, brief.id, resting?.rest?.times ?? 0);
    const decline: Decline = { agent: label, kind, message: result.message, ...(rest && { rest }) };
    if (rest) {
      chain.resting.set(path, decline);
      const seconds = Math.ceil((rest.until - performance.now()) / 1000);
      chain.warn(`agent ${label}: ${kind}: ${result.message}; asked again in ${seconds} s`);
    }
    if (policy.isOut) {
      chain.out.set(path, decline);
      chain.warn(`agent ${label} is not asked again: ${result.kind}: ${result.message}`);
    }
    return declined(asking, { ...decline, took });
  }
}

/** Tells that an agent is asked, and what it answers. */
async function told(
  agent: string,
  { id, attempt, fix }: Brief,
  { emit }: AgentChain,
  ask: () => Promise<AgentResult>,
): Promise<AgentResult> {
  const began = performance.now();
  emit({ type: 'proposal-started', experiment: id, agent, attempt, isFix: fix !== undefined });
  const finished = (status: AgentResult['status'], more: object) =>
    emit({ type: 'proposal-finished', experiment: id, agent, status, seconds: Math.round(performance.now() - began) / 1000, ...more });
  try {
    const result = await ask();
    const used = result.usage && { usage: result.usage };
    if (result.status === 'exhausted') finished('exhausted', { message: result.reason, ...used });
    else if (result.status === 'failed') finished('failed', { message: `${result.kind}: ${result.message}`, ...used });
    else finished(result.status, { title: result.report.title, ...used });
    return result;
  } catch (error) {
    finished('failed', { message: messageOf(error) });
    throw error;
  }
}

/** How often an agent may try to fix one change of its own. */
export function fixAttemptsOf({ role, fixAttempts }: AgentInstance): number {
  return role.fixAttempts === undefined ? 0 : (fixAttempts ?? role.fixAttempts);
}

/** Tells by its label whether an agent may try to fix changes of its own. */
export function mendersOf(instances: readonly Instance[]): (label: string) => boolean {
  const menders = new Set(instances.flatMap((each) => (each.kind === 'agent' && fixAttemptsOf(each) > 0 ? [each.label] : [])));
  return (label) => menders.has(label);
}

function declined(asking: Asking, decline: Decline): undefined {
  asking.declines.push(decline);
}

/** No proposal may spend more than was reserved for it. */
function limitsOf({ limits }: AgentInstance, { spent, most }: Asking): Brief['limits'] {
  const usd = Math.min(limits?.usd ?? Infinity, Math.max(0, most - (spent.usd ?? 0)));
  return { ...limits, ...(Number.isFinite(usd) && { usd }) };
}

function checked(result: AgentResult): AgentResult {
  if (result.status === 'proposed' || result.status === 'no-change') {
    if (typeof result.report?.title !== 'string') throw new Error(`its answer "${result.status}" has no report with a title`);
    return result;
  }
  if (result.status !== 'exhausted' && result.status !== 'failed')
    throw new Error(`it answered with the unknown status ${JSON.stringify(Reflect.get(result, 'status'))}`);
  return result;
}
