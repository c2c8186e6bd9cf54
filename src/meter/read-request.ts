import type { IncomingMessage } from 'node:http';
import { askedIn, type Asked } from './asked.ts';
import { isFields } from './tokens.ts';

/** More than any of the services takes. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface ReadRequest {
  readonly bytes: Buffer;
  readonly asked: Asked;
}

/**
 * The body to send upstream, and what it asks for; null where it is too large or breaks off. Streams of the Chat
 * Completions API give figures only when they are asked to, so these requests ask; all others pass through as they come.
 */
export async function readRequest(request: IncomingMessage, path: string): Promise<ReadRequest | null> {
  const bytes = await bytesOf(request);
  if (bytes === null) return null;
  const body = parse(bytes);
  const isChat = path.endsWith('/chat/completions');
  return { bytes: isChat ? asking(body, bytes) : bytes, asked: askedIn(body, bytes.length, path) };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}

function asking(body: unknown, bytes: Buffer): Buffer {
  if (!isFields(body) || body['stream'] !== true) return bytes;
  const options = isFields(body['stream_options']) ? body['stream_options'] : {};
  return Buffer.from(JSON.stringify({ ...body, stream_options: { ...options, include_usage: true } }));
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
