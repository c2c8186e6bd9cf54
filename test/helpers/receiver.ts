/** A receiver for tests: a real server that can be busy, refuse, hang, and be away. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { freePort } from './ports.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export type Answer = (
  received: Received,
  count: number,
) => { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string } | 'hang';

export class Receiver {
  readonly received: Received[] = [];
  answer: Answer = () => ({ status: 200 });
  #server: Server | null = null;
  #port = 0;
  #count = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  /** Opens on the same port as before. */
  async open(): Promise<void> {
    this.#server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        const received = { path: request.url ?? '', headers: request.headers, text };
        const answer = this.answer(received, ++this.#count);
        if (answer === 'hang') return;
        if (answer.status < 300) this.received.push(received);
        response.writeHead(answer.status, answer.headers).end(answer.text);
      });
    });
    const server = this.#server;
    this.#port ||= await freePort();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.#port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    this.#server = null;
  }

  get keys(): string[] {
    return this.received.map(({ headers }) => String(headers['idempotency-key']));
  }
}
