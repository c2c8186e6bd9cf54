import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { anthropic } from './anthropic.ts';
import { chat } from './chat.ts';
import { gemini } from './gemini.ts';
import { responses } from './responses.ts';
import { callFor } from './tools.ts';
import type { Ask, Dialect, Fault, Reply, Scenario, StreamEvent } from './types.ts';

const DIALECTS: readonly Dialect[] = [anthropic, responses, chat, gemini];

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface StubModels {
  readonly url: string;
  readonly requests: readonly Recorded[];
  /** Exactly what has been served; `requests` counts every call. */
  readonly served: { requests: number; inputTokens: number; cachedTokens: number; outputTokens: number };
  /** Calls that are still being answered. */
  open(): number;
  close(): Promise<void>;
}

/** A server on this machine that speaks the model APIs and plays a scenario. */
export async function startStubModels(scenario: Scenario): Promise<StubModels> {
  const requests: Recorded[] = [];
  const served = { requests: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0 };
  let asked = 0;
  let open = 0;
  const server = createServer((request, response) => {
    open += 1;
    response.once('close', () => (open -= 1));
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '', 'http://stub').pathname;
    const body = await text(request);
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
    const dialect = DIALECTS.find((one) => one.matches(path));
    if (dialect === undefined || request.method !== 'POST') {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"no such call"}}');
      return;
    }
    served.requests += 1;
    const ask = dialect.parse(JSON.parse(body), path);
    const fault = ask.tools.length > 0 || scenario.isPlain ? scenario.fault?.(asked++) : undefined;
    if (fault === 'silent') return;
    if (fault !== undefined && fault !== 'cut') {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(JSON.stringify(dialect.error(fault)));
      return;
    }
    const reply = replyTo(ask, scenario, body.length);
    if (ask.isStream) await stream(response, dialect.events(reply), fault, reply);
    else if (fault === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
      setTimeout(() => response.destroy(), 50);
    } else {
      count(reply);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(dialect.json(reply)));
    }
  }

  async function stream(response: ServerResponse, events: readonly StreamEvent[], fault: Fault | undefined, reply: Reply): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    const sent = fault === 'cut' ? events.slice(0, Math.ceil(events.length / 2)) : events;
    for (const { event, data } of sent) {
      const json = typeof data === 'string' ? data : JSON.stringify(data);
      response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${json}\n\n`);
    }
    if (sent === events) count(reply);
    // Only Anthropic gives figures at the start: the prompt's.
    else if (JSON.stringify(sent).includes('input_tokens')) count({ ...reply, usage: { ...reply.usage, outputTokens: 0 } });
    if (fault === 'cut') setTimeout(() => response.destroy(), 50);
    else response.end();
  }

  function count({ usage, isSilentOnUsage = false }: Reply): void {
    if (isSilentOnUsage) return;
    served.inputTokens += usage.inputTokens;
    served.cachedTokens += usage.cachedTokens;
    served.outputTokens += usage.outputTokens;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    served,
    open: () => open,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function replyTo(ask: Ask, scenario: Scenario, size: number): Reply {
  // Without tools it is a client's question aside, such as for a title.
  const turn = ask.tools.length === 0 && !scenario.isPlain ? ({ do: 'say', text: 'A title' } as const) : scenario.turn(ask);
  const call = callFor(turn, ask) ?? undefined;
  const said = turn.do === 'say' ? turn.text : turn.do === 'report' ? `\`\`\`json\n${JSON.stringify(turn.report)}\n\`\`\`` : 'cannot';
  const inputTokens = Math.ceil(size / 4);
  const usage = {
    inputTokens,
    cachedTokens: ask.results.length > 0 ? Math.floor(inputTokens / 2) : 0,
    outputTokens: 2 + Math.ceil(JSON.stringify(call?.input ?? said).length / 4),
  };
  const { isSilentOnUsage } = ask;
  return { model: ask.model, text: call ? '' : said, ...(call && { call }), usage, ...(isSilentOnUsage && { isSilentOnUsage }) };
}
