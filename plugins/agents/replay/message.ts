import type { Report } from '../../../src/plugin.ts';

export type Words = Pick<Report, 'title' | 'hypothesis' | 'rationale' | 'risks'>;

/** A commit's message as a report: subject, prose, and the sections this program writes. Trailers are left out. */
export function readMessage(subject: string, body: string): Words {
  const paragraphs = body
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '' && !isTrailers(paragraph));
  const section = (name: string) =>
    paragraphs
      .find((paragraph) => paragraph.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const hypothesis = section('Hypothesis');
  const risks = section('Risks')
    ?.split('\n')
    .map((line) => line.replace(/^[-*]\s+/, '').trim())
    .filter((line) => line !== '');
  const prose = paragraphs.filter((paragraph) => !/^(Hypothesis|Rationale|Risks):/.test(paragraph)).join('\n\n');
  const rationale = section('Rationale') ?? prose;
  return {
    title: subject.trim(),
    ...(hypothesis === undefined ? {} : { hypothesis }),
    ...(rationale === '' ? {} : { rationale }),
    ...(risks === undefined ? {} : { risks }),
  };
}

/** The message at the head of a file made by `git format-patch`; null when there is none. */
export function readMail(patch: string): Words | null {
  const [head = ''] = patch.split(/^diff --git |^--- /m, 1);
  const subject = /^Subject:[ \t]*(.*(?:\r?\n[ \t].*)*)/m.exec(head)?.[1];
  if (subject === undefined) return null;
  const plain = decodeWords(subject.replace(/\r?\n[ \t]+/g, ' ')).replace(/^\s*\[PATCH[^\]]*\]\s*/, '');
  const [, ...rest] = head.split(/\r?\n\r?\n/);
  const [body = ''] = rest.join('\n\n').split(/^---\s*$/m, 1);
  return readMessage(plain, body);
}

function isTrailers(paragraph: string): boolean {
  return paragraph.split('\n').every((line) => /^(Autoresearch-[\w-]+|Signed-off-by|Co-authored-by|Change-Id|Reviewed-by): /.test(line));
}

/** Mail headers hold other letters than English as `=?UTF-8?q?…?=` or `=?UTF-8?b?…?=`. */
function decodeWords(text: string): string {
  const joined = text.replace(/\?=\s+=\?/g, '?==?');
  return joined.replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_whole, kind: string, word: string) => {
    if (kind.toLowerCase() === 'b') return Buffer.from(word, 'base64').toString('utf8');
    const bytes = word
      .replaceAll('_', ' ')
      .replace(/=([0-9a-f]{2})/gi, (_code, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  });
}
