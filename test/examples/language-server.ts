import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { npmEnv, TOOLS } from './places.ts';

export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

/** A real YAML language server with one file open, as an editor talks to it. */
export interface OpenFile {
  /** The labels offered where `|` stands in the text, which becomes the file's. */
  completionsAt(text: string): Promise<readonly string[]>;
  /** What is said under the pointer at `|`. */
  hoverAt(text: string): Promise<string>;
  /** What is marked in the text. */
  diagnosticsOf(text: string): Promise<readonly Diagnostic[]>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly items?: readonly unknown[]; readonly uri?: string; readonly diagnostics?: readonly Diagnostic[] };
  readonly result?: unknown;
}

const QUIET_MS = 1500;

export async function openFile(file: string): Promise<OpenFile> {
  const server = spawn(process.execPath, [join(TOOLS, 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server'), '--stdio'], {
    env: npmEnv(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void server.kill());
  const uri = pathToFileURL(file).href;
  const answers = new Map<number, (result: unknown) => void>();
  let marked: ((diagnostics: readonly Diagnostic[]) => void) | undefined;
  let lastId = 0;
  let version = 0;

  const send = (message: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const request = (method: string, params: object) =>
    new Promise<unknown>((resolve) => {
      answers.set(++lastId, resolve);
      send({ id: lastId, method, params });
    });
  const receive = ({ id, method, params, result }: Message) => {
    if (method === undefined) answers.get(id ?? 0)?.(result);
    // What the editor's settings are: none, so that the server's own defaults count.
    else if (id !== undefined) send({ id, result: params?.items?.map(() => null) ?? null });
    else if (method === 'textDocument/publishDiagnostics' && params?.uri === uri) marked?.(params.diagnostics ?? []);
  };
  let buffer = Buffer.alloc(0);
  server.stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = buffer.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(0, head)).toString())?.[1] ?? NaN);
      if (head < 0 || buffer.length < head + 4 + length) return;
      receive(JSON.parse(buffer.subarray(head + 4, head + 4 + length).toString()) as Message);
      buffer = buffer.subarray(head + 4 + length);
    }
  });

  await request('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  send({ method: 'initialized', params: {} });
  const show = (text: string) => {
    const change = { textDocument: { uri, version: ++version }, contentChanges: [{ text }] };
    if (version === 1) send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version, text } } });
    else send({ method: 'textDocument/didChange', params: change });
  };
  const at = (text: string) => {
    const before = text.slice(0, text.indexOf('|')).split('\n');
    show(text.replace('|', ''));
    return { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } };
  };
  return {
    async completionsAt(text) {
      const list = (await request('textDocument/completion', at(text))) as { readonly items: readonly { readonly label: string }[] };
      return list.items.map(({ label }) => label);
    },
    async hoverAt(text) {
      const hover = (await request('textDocument/hover', at(text))) as { readonly contents: { readonly value: string } } | null;
      return hover?.contents.value ?? '';
    },
    diagnosticsOf: (text) =>
      new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        // The server may still publish what it found in the text before: the last word counts.
        marked = (diagnostics) => {
          clearTimeout(timer);
          timer = setTimeout(() => resolve(diagnostics), QUIET_MS);
        };
        show(text);
      }),
  };
}
