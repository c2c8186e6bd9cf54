/** A page of a real run, served in this process. */
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { servePage, type UiFlags } from '../../src/commands/ui.ts';
import { openRepository } from '../../src/git/repository.ts';
import { readRun } from '../../src/ledger/read.ts';
import { RUN } from '../helpers/project.ts';

export interface Served {
  readonly port: number;
  readonly url: string;
  readonly cookie: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Serves it until the test is over; its cookie is what a browser has once it has opened the link. */
export async function serveRun(dir: string, flags: UiFlags = {}): Promise<Served> {
  const repository = await openRepository(dir);
  const serving = await servePage(repository, await readRun(repository.git, RUN), flags);
  onTestFinished(() => serving.close());
  const { port, url } = serving;
  const { headers } = await ask(port, new URL(url).search === '' ? '/' : `/${new URL(url).search}`);
  return { port, url, cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}

interface Asking {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** A request as any program can make it: unlike fetch, it sends the Host, the Origin and the path it is told. */
export function ask(port: number, path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
