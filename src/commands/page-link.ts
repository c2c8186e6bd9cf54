import { printable } from '../views/text.ts';

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Room for what stands around the code. */
const OTHER_LINES = 4;
const WHITE_ON_BLACK = '\u001b[97;40m';
const RESET = '\u001b[0m';

/**
 * The link to a page, and for a phone a QR code of it: at a terminal that has room for it, and only where another machine
 * could open the link at all.
 */
export async function linkText(url: string, { isTTY, columns = 0, rows = 0 }: Terminal): Promise<string> {
  if (isTTY !== true || isLoopback(url)) return printable(url);
  const { encodeQR } = await import('qr');
  const lines = encodeQR(url, 'ascii', { border: 1 }).trimEnd().split('\n');
  if ((lines[0]?.length ?? 0) > columns || lines.length + OTHER_LINES > rows) return printable(url);
  return [url, ...lines.map((line) => `${WHITE_ON_BLACK}${line}${RESET}`)].join('\n');
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
}
