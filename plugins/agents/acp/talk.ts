import type { AnyMessage, ClientContext, McpServer, PromptResponse, Stream } from '@agentclientprotocol/sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { HISTORY_SERVER } from '../../../src/agent.ts';
import type { Pipes } from '../../../src/plugin.ts';
import type { Event, Heard, Task } from '../_cli/types.ts';
import { errorOf } from './failure.ts';
import { Session } from './session.ts';
import type { AcpOptions } from './options.ts';

/** How long an agent may take to answer that a turn was cancelled. */
const CANCEL_MS = 5000;

/** The ends of a turn that count as failures. A cancelled turn has the reason for which it was cancelled. */
const STOPS: Readonly<Record<PromptResponse['stopReason'], Heard['error']>> = {
  end_turn: undefined,
  cancelled: undefined,
  max_tokens: { kind: 'bad-output', message: 'its answer was cut off at the longest the model may give' },
  max_turn_requests: { kind: 'turn-limit', message: 'it asked its model as often as it may in one turn' },
  refusal: { kind: 'bad-output', message: 'the model refused' },
};

/** One turn with an agent that speaks the Agent Client Protocol, version 1: agentclientprotocol.com. */
export async function talk(pipes: Pipes, task: Task, options: AcpOptions): Promise<Heard> {
  const { client, methods, ndJsonStream } = await import('@agentclientprotocol/sdk');
  const { brief, history, signal } = task;
  const session = new Session({ cwd: brief.cwd, scope: brief.scope, unrestricted: options.unrestricted, hasHistory: history !== null });
  const app = client({ name: 'autoresearch' }).onRequest(methods.client.session.requestPermission, ({ params }) => session.permit(params));
  const turn = app
    .connectWith(overhearing(ndJsonStream(pipes.stdin, pipes.stdout), session), (agent) => takeTurn(agent, task, options))
    .then((answer) => {
      session.finish(answer);
      return STOPS[answer.stopReason];
    })
    .catch(errorOf);
  const error = await Promise.race([turn, tooLate(signal)]);
  return { text: session.text, usage: session.usage, ...(error && { error }) };
}

async function takeTurn(agent: ClientContext, { brief, prompt, history, signal }: Task, options: AcpOptions): Promise<PromptResponse> {
  const { methods } = await import('@agentclientprotocol/sdk');
  const sessionId = await begin(agent, brief.cwd, options, history);
  const cancel = () => void agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => {});
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  return agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text: prompt }] });
}

/** News of a session is taken here: in its order, and of kinds too that are younger than the library, which would complain. */
function overhearing({ readable, writable }: Stream, session: Session): Stream {
  const news = new TransformStream<AnyMessage, AnyMessage>({
    transform(message: Event, controller) {
      if (message.method === 'session/update') session.hear(message.params?.update);
      else controller.enqueue(message);
    },
  });
  return { readable: readable.pipeThrough(news), writable };
}

/** Up to a session that can be prompted. It is offered neither files nor terminals of ours: it works in its own sandbox. */
async function begin(agent: ClientContext, cwd: string, { auth, mode }: AcpOptions, history: Task['history']): Promise<string> {
  const { methods, PROTOCOL_VERSION, RequestError } = await import('@agentclientprotocol/sdk');
  const hello = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
  });
  if (hello.protocolVersion !== PROTOCOL_VERSION)
    throw new RequestError(-32601, `it speaks version ${hello.protocolVersion} of the protocol, not ${PROTOCOL_VERSION}`);
  if (auth !== undefined) await agent.request(methods.agent.authenticate, { methodId: auth });
  const { sessionId } = await agent.request(methods.agent.session.new, { cwd, mcpServers: serversOf(history) });
  if (mode !== undefined) await agent.request(methods.agent.session.setMode, { sessionId, modeId: mode });
  return sessionId;
}

function serversOf(history: Task['history']): McpServer[] {
  return history === null ? [] : [{ name: HISTORY_SERVER, command: history.command, args: [...history.args], env: [] }];
}

async function tooLate(signal: AbortSignal): Promise<Heard['error']> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await sleep(CANCEL_MS, undefined, { ref: false });
  return { message: 'it did not say what became of the turn that was cancelled' };
}
