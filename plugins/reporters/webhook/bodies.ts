import type { Event } from './events.ts';
import type { Format } from './schema.ts';

export interface Body {
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a receiver of each format is sent. Texts of models can mention nobody and format nothing. */
export const BODIES: Record<Format, (event: Event) => Body> = {
  json: ({ key, name, run, objective, text, data }) => json({ event: name, key, run, objective, text, ...data }),
  // In Slack, `<…>` makes links and mentions, and these three characters are the ones to escape.
  slack: ({ run, text }) => json({ text: `*${slack(run)}* ${slack(text)}`, unfurl_links: false }),
  discord: ({ run, text }) => json({ content: `**${markdown(run)}** ${markdown(text)}`.slice(0, 2000), allowed_mentions: { parse: [] } }),
  teams: ({ run, text }) =>
    json({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [{ type: 'TextBlock', wrap: true, text: `**${markdown(run)}** ${markdown(text)}` }],
          },
        },
      ],
    }),
  // The address of ntfy names the topic; the body is the message.
  ntfy: ({ run, name, text }) => ({
    type: 'text/plain; charset=utf-8',
    text: `${run}: ${text}`,
    headers: { Title: 'autoresearch', ...(name === 'review' && { Priority: 'high' }) },
  }),
};

function json(value: unknown): Body {
  return { type: 'application/json', text: JSON.stringify(value) };
}

function slack(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[*_~`]/g, (mark) => `\u200b${mark}`);
}

function markdown(text: string): string {
  return text.replaceAll(/[\\*_~`|<>#[\]()@]/g, (mark) => `\\${mark}`);
}
