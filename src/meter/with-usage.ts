import { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { isFields } from './tokens.ts';

/**
 * The body to send upstream. Streams of the Chat Completions API give figures only when they are asked
 * to, so these requests ask; all others pass through as they come.
 */
export async function withUsage(request: IncomingMessage, path: string): Promise<{ stream: Readable; length?: number }> {
  if (!path.endsWith('/chat/completions')) return { stream: request };
  const bytes = await buffer(request).catch(() => Buffer.alloc(0));
  const text = asking(bytes);
  return { stream: Readable.from([text]), length: text.length };
}

function asking(bytes: Buffer): Buffer {
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    if (!isFields(body) || body['stream'] !== true) return bytes;
    const options = isFields(body['stream_options']) ? body['stream_options'] : {};
    return Buffer.from(JSON.stringify({ ...body, stream_options: { ...options, include_usage: true } }));
  } catch {
    return bytes;
  }
}
