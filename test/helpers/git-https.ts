/** A git host over https on the loopback interface: node's server before git's own `http-backend`, with a certificate and a password. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findProgram } from '../../src/sandbox/probe.ts';
import { makeFolder } from './repo.ts';

const BACKEND = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend');

export const HAS_GIT_HTTPS = existsSync(BACKEND) && findProgram('openssl', process.env['PATH']) !== null;

export const USER = 'lab';
export const PASSWORD = 's3cret-word';

export interface GitHttps {
  /** Without a login. */
  readonly url: string;
  /** Lets git trust the server's certificate. */
  readonly trust: Readonly<Record<string, string>>;
  /** The login, by a credential helper that reads a variable. */
  login(password?: string): Record<string, string>;
  /** May those who have the password push? */
  isWritable: boolean;
}

/** Serves a bare repository until the test ends. */
export async function serveGit(bare: string): Promise<GitHttps> {
  const dir = makeFolder();
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const options = ['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-days', '2', ...names];
  execFileSync('openssl', [...options, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const given = Buffer.from(request.headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
    if (given !== `${USER}:${PASSWORD}`) response.writeHead(401, { 'www-authenticate': 'Basic realm="lab"' }).end();
    else if (!host.isWritable && request.url?.includes('git-receive-pack')) response.writeHead(403).end();
    else answer(request, response, bare);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const helper = '!f() { echo username=lab; echo "password=$LAB_PASSWORD"; }; f';
  const host: GitHttps = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/lab.git`,
    trust: { GIT_SSL_CAINFO: cert },
    login: (password = PASSWORD) => ({
      LAB_PASSWORD: password,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'credential.helper',
      GIT_CONFIG_VALUE_0: helper,
    }),
    isWritable: true,
  };
  return host;
}

/** One request as CGI has it: headers as variables, the body on stdin, headers and body back. */
function answer(request: IncomingMessage, response: ServerResponse, bare: string): void {
  const { pathname, search } = new URL(request.url ?? '/', 'https://localhost');
  const { headers } = request;
  const env = {
    PATH: process.env['PATH'],
    GIT_PROJECT_ROOT: bare,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: pathname.replace(/^\/lab\.git/, ''),
    REQUEST_METHOD: request.method,
    QUERY_STRING: search.slice(1),
    REMOTE_USER: USER,
    REMOTE_ADDR: '127.0.0.1',
    CONTENT_TYPE: headers['content-type'] ?? '',
    GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    ...(headers['content-length'] !== undefined && { CONTENT_LENGTH: headers['content-length'] }),
    ...(headers['content-encoding'] !== undefined && { HTTP_CONTENT_ENCODING: headers['content-encoding'] }),
  };
  const backend = spawn(BACKEND, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  backend.stdin.on('error', () => {});
  request.pipe(backend.stdin);
  const parts: Buffer[] = [];
  backend.stdout.on('data', (part: Buffer) => parts.push(part));
  backend.once('close', () => {
    const all = Buffer.concat(parts);
    const end = all.indexOf('\r\n\r\n');
    const lines = all.subarray(0, end).toString().split('\r\n');
    for (const line of lines) {
      const [name = '', value = ''] = line.split(/: (.*)/, 2);
      if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(all.subarray(end + 4));
  });
}
