import type { RequestPermissionRequest, RequestPermissionResponse, ToolCallUpdate } from '@agentclientprotocol/sdk';
import type { Usage } from '../../../src/plugin.ts';
import { count } from '../_cli/events.ts';
import type { Event } from '../_cli/types.ts';
import { answer, judge } from './permission.ts';

/** More than this of what an agent says is not looked at; the report comes last. */
const LAST_WORDS = 256 * 1024;

type Policy = Parameters<typeof judge>[1];

/** What one session of an agent has said and asked so far. */
export class Session {
  readonly #policy: Policy;
  readonly #calls = new Map<string, Partial<ToolCallUpdate>>();
  #text = '';
  #usd: number | undefined;
  #tokens: Usage = {};

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  hear(update: Event): void {
    const kind: unknown = update?.sessionUpdate;
    if (kind === 'agent_message_chunk' && typeof update.content?.text === 'string') {
      this.#text = (this.#text + update.content.text).slice(-LAST_WORDS);
    } else if ((kind === 'tool_call' || kind === 'tool_call_update') && typeof update.toolCallId === 'string') {
      this.#learn(update);
    } else if (kind === 'usage_update' && update.cost?.currency === 'USD') {
      // An agent that knows no price says 0.
      this.#usd = count(update.cost.amount) || undefined;
    }
  }

  /** Every question gets an answer, because the agent would wait for it without end. */
  permit({ toolCall, options }: RequestPermissionRequest): RequestPermissionResponse {
    return answer(judge(this.#learn(toolCall), this.#policy), { options });
  }

  get text(): string {
    return this.#text;
  }

  /** Most agents add their tokens to the answer, which the protocol does not ask for yet. */
  finish({ usage }: Event): void {
    if (typeof usage !== 'object' || usage === null) return;
    const cachedTokens = count(usage.cachedReadTokens);
    this.#tokens = {
      inputTokens: count(usage.inputTokens) + cachedTokens + count(usage.cachedWriteTokens),
      cachedTokens,
      outputTokens: count(usage.outputTokens) + count(usage.thoughtTokens),
    };
  }

  /** The agent's own count. */
  get usage(): Usage {
    return { ...this.#tokens, ...(this.#usd !== undefined && { usd: this.#usd }) };
  }

  /** A later message about a call holds only what is new. */
  #learn({ toolCallId, ...call }: ToolCallUpdate): Partial<ToolCallUpdate> {
    const given = Object.entries(call).filter(([, value]) => value !== undefined && value !== null);
    const known = { ...this.#calls.get(toolCallId), ...Object.fromEntries(given) };
    this.#calls.set(toolCallId, known);
    return known;
  }
}
