/** Sends the feed to every page that listens. A slow page is cut off before it fills the memory, and connects again by itself. */
import { writeCursor, type Cursor, type Feed, type FeedMessage } from './feed.ts';

const MOST_CLIENTS = 200;
/** Bytes that may wait for one client. */
const MOST_WAITING = 2 * 1024 * 1024;
const BEAT_MS = 15_000;
const RETRY = 'retry: 1000\n\n';

interface Client {
  send(chunk: Uint8Array): void;
  end(): void;
}

export class Hub {
  readonly #feed: Feed;
  readonly #clients = new Set<Client>();
  readonly #encoder = new TextEncoder();
  readonly #unsubscribe: () => void;
  readonly #beat: ReturnType<typeof setInterval>;

  constructor(feed: Feed) {
    this.#feed = feed;
    // Each message is serialised once for all clients.
    this.#unsubscribe = feed.subscribe((message) => this.#sendAll(this.#text(message)));
    this.#beat = setInterval(() => this.#sendAll(': alive\n\n'), BEAT_MS);
    this.#beat.unref();
  }

  /** Null where there are too many. */
  open(after: Cursor | null): ReadableStream<Uint8Array> | null {
    if (this.#clients.size >= MOST_CLIENTS) return null;
    let client: Client | null = null;
    const forget = (): void => {
      if (client !== null) this.#clients.delete(client);
    };
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          client = {
            send(chunk) {
              controller.enqueue(chunk);
              if ((controller.desiredSize ?? 0) > 0) return;
              forget();
              controller.error(new Error('this client is too slow'));
            },
            end: () => controller.close(),
          };
          this.#clients.add(client);
          const missed = after === null ? [] : this.#feed.since(after).map((message) => this.#text(message));
          client.send(this.#encoder.encode(RETRY + missed.join('')));
        },
        cancel: forget,
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING }),
    );
  }

  close(): void {
    this.#unsubscribe();
    clearInterval(this.#beat);
    for (const client of this.#clients) client.end();
    this.#clients.clear();
  }

  /** With where the feed stands, for a client that comes back. */
  #text({ name, data }: FeedMessage): string {
    const { entries, seq } = this.#feed.cursor();
    const id = writeCursor({ entries, seq: name === 'run' ? data.seq : seq });
    return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  #sendAll(text: string): void {
    if (this.#clients.size === 0) return;
    const chunk = this.#encoder.encode(text);
    for (const client of this.#clients) client.send(chunk);
  }
}
