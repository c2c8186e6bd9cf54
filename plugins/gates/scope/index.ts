import picomatch from 'picomatch';
import { definePlugin, type Change, type CommittedExperiment, type GateResult } from '../../../src/plugin.ts';

/** Files through which a change could alter what git, not the trainer, does with others. */
const NEVER = /(^|\/)\.git(attributes|modules|ignore)?$/;

export default definePlugin({
  kind: 'gate',
  name: 'scope',
  apiVersion: 1,
  description: 'Fails a candidate that changes anything but the files under `scope.edit`. Always on.',
  schema: false,
  create(_options, { scope }) {
    const mayEdit = picomatch([...scope.edit], { dot: true });
    const isProtected = scope.protect.length > 0 ? picomatch([...scope.protect], { dot: true }) : () => false;
    const objection = ({ path, kind }: Change): string | null => {
      if (NEVER.test(path)) return `${path} is never editable`;
      if (path.startsWith('../')) return `${path} is outside the project`;
      if (isProtected(path)) return `${path} is protected`;
      if (!mayEdit(path)) return `${path} (${kind}) is not in scope.edit`;
      if (kind === 'symlink') return `${path} is a symbolic link`;
      if (kind === 'repository') return `${path} is a repository of its own`;
      if (kind === 'mode' || kind === 'type') return `${path} changes its ${kind}`;
      return null;
    };
    return {
      screen({ changes }: CommittedExperiment): GateResult {
        const objections = changes.map(objection).filter((text) => text !== null);
        if (objections.length === 0) return { outcome: 'pass', code: 'IN_SCOPE', reason: 'only editable files are changed' };
        const more = objections.length > 3 ? ` and ${objections.length - 3} more` : '';
        return {
          outcome: 'fail',
          code: 'OUT_OF_SCOPE',
          reason: objections.slice(0, 3).join('; ') + more,
          evidence: { paths: changes.map((change) => change.path) },
        };
      },
    };
  },
});
