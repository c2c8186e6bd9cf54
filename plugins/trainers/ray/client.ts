import http from 'node:http';
import https from 'node:https';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Call {
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
/** No answer may be larger: a log with the largest results, in base64. */
const MOST_BYTES = 1024 ** 3;

/**
 * Speaks to Ray's REST API. Over node:http, since Ray takes Node's `fetch` for a browser and refuses it.
 * @throws Error where there is no answer, or none that Ray gives: a proxy's, or a refusal
 */
export class RayClient {
  readonly #address: URL;
  readonly #headers: () => Readonly<Record<string, string>>;
  readonly #agent: http.Agent;

  constructor(address: string, headers: () => Readonly<Record<string, string>>) {
    this.#address = new URL(address.endsWith('/') ? address : `${address}/`);
    this.#headers = headers;
    this.#agent = new (this.#address.protocol === 'https:' ? https : http).Agent({ keepAlive: true, maxSockets: 32 });
  }

  /** The body of an answer that says it went well. */
  async json<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const { status, text } = await this.ask(method, path, call);
    if (status !== 200) throw new Error(`Ray answered ${method} /${path} with ${status}: ${lastLine(text)}`);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new Error(`${this.#address.origin} answered ${method} /${path} with something that is not Ray's`);
    }
  }

  ask(method: string, path: string, { json, bytes, timeoutMs = TIMEOUT_MS }: Call = {}): Promise<Answer> {
    const body = json === undefined ? bytes : Buffer.from(JSON.stringify(json));
    const url = new URL(path, this.#address);
    const { request } = url.protocol === 'https:' ? https : http;
    const type = json === undefined ? 'application/octet-stream' : 'application/json';
    const headers = { ...this.#headers(), ...(body !== undefined && { 'content-type': type, 'content-length': body.length }) };
    return new Promise((resolve, reject) => {
      // Also where bytes still trickle in, or none ever come.
      const signal = AbortSignal.timeout(timeoutMs);
      const asked = request(url, { method, headers, agent: this.#agent, signal }, (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > MOST_BYTES) response.destroy(new Error(`more than ${MOST_BYTES} bytes`));
        });
        response.on('error', failed);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      });
      const failed = (error: Error) => {
        const why = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : error.message || String((error as { code?: string }).code);
        reject(new Error(`${url.origin}: ${why}`));
      };
      asked.on('error', failed);
      asked.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Ray's errors are stack traces, whose last line says what went wrong. */
export function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 300);
}
