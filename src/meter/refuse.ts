import type { ServerResponse } from 'node:http';

const WORDS: Readonly<Record<number, readonly [type: string, status: string]>> = {
  401: ['authentication_error', 'UNAUTHENTICATED'],
  403: ['permission_error', 'PERMISSION_DENIED'],
  404: ['not_found_error', 'NOT_FOUND'],
  413: ['request_too_large', 'INVALID_ARGUMENT'],
  502: ['api_error', 'UNAVAILABLE'],
};

/** Answers in a form that the clients of all API families show to their user. */
export function refusal(response: ServerResponse, code: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const [type, status] = WORDS[code] ?? ['api_error', 'UNKNOWN'];
  // A refused client may still be sending, and reads the answer only afterwards.
  response.req.resume();
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ type: 'error', error: { type, code, status, message } }));
}
