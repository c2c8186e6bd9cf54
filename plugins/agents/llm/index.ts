import { createPathRule, definePlugin, type Brief } from '../../../src/plugin.ts';
import { schema } from './options.ts';
import { promptOf, propose } from './propose.ts';
import { accessOf, missingPackages } from './providers.ts';

export default definePlugin({
  kind: 'agent',
  name: 'llm',
  apiVersion: 1,
  description: 'Asks a model for edits of the editable files in one request, without tools, and applies them.',
  schema,
  create(options, context) {
    /** What was wrong with the last answer for this experiment: the next try is told. */
    let complaint: { readonly id: number; readonly text: string } | null = null;
    const complaintFor = ({ id, attempt }: Brief) => (attempt > 0 && complaint?.id === id ? complaint.text : null);
    const { url, key } = accessOf(options);
    return {
      fixAttempts: 1,
      prompt: (brief) => promptOf(brief, null),
      async verify(preflight) {
        const missing = await missingPackages(options);
        if (missing.length > 0)
          preflight.problem(
            'PACKAGE_MISSING',
            `${context.path}: ${missing.join(' and ')} cannot be loaded`,
            `npm install ${missing.join(' ')}`,
          );
        if (url === null)
          preflight.problem('CONFIG_VALUE', `${context.path}: openai-compatible needs \`url\``, 'such as http://127.0.0.1:11434');
        if (key !== null && (process.env[key] ?? '') === '')
          preflight.problem(
            'AGENT_KEY_MISSING',
            `${context.path}: the variable ${key} holds no key`,
            `export ${key}=…, or name another with \`key\``,
          );
        const mayEdit = createPathRule(context.scope);
        const texts = await Promise.all(preflight.editable.filter(mayEdit).map((path) => preflight.readCommitted(path)));
        const chars = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
        if (chars > options.maxChars)
          preflight.problem(
            'PREFLIGHT_FAILED',
            `${context.path}: the editable files have ${chars} characters, and a prompt holds ${options.maxChars} of them`,
            'make scope.edit smaller, raise maxChars, or choose an agent that reads files itself',
          );
      },
      async check() {
        const missing = await missingPackages(options);
        return {
          found: missing.length === 0 ? `${options.model} through ${options.provider}` : `${missing.join(' and ')} cannot be loaded`,
          login: `${key === null ? 'no key needed' : `${process.env[key] ? 'key' : 'no key'} in ${key}`}, metered on the way to ${url ?? 'nowhere'}`,
          scope: 'by construction: it has no tools, and only edits in scope are applied',
        };
      },
      async propose(brief) {
        const result = await propose(options, context, brief, complaintFor(brief));
        complaint = result.status === 'failed' && result.kind === 'bad-output' ? { id: brief.id, text: result.message } : null;
        return result;
      },
    };
  },
});
