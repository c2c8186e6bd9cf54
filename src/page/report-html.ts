/** A run as one HTML file that needs nothing else: the page, its data, and the same as markup for readers without a script. */
import { createHash } from 'node:crypto';
import { readPageFile, renderPaper, type ReportData, type ReportDetails } from './built.ts';

export async function reportHtml(data: ReportData, details: ReportDetails): Promise<string> {
  const [script, style] = [inScript(readPageFile('page.js')), readPageFile('page.css')];
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const title = `${data.head.run}: ${data.head.objective.label} in ${data.head.used.experiments} experiments`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="app"></div>',
    await renderPaper(data),
    `<script type="application/json" id="data">${json(data)}</script>`,
    `<script type="application/json" id="details">${json(details)}</script>`,
    `<script type="module">${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** JSON in which nothing ends the element it is in. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}

/** The same for our own script: what it says of such tags is in strings. */
function inScript(script: string): string {
  return script.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3c`);
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
