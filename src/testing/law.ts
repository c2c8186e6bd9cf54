import type { PluginTest } from './cases.ts';
import type { Runner } from './runner.ts';

/** How long one call of a plugin may take where the author says nothing else. */
export const LIMIT_MS = 20_000;

/** What a plugin did instead of what a rule expects. */
export class Breach extends Error {}

/** A rule that does not hold: the message names it, what it expects and what happened. */
export class BrokenLaw extends Error {
  readonly law: string;
  readonly expected: string;
  readonly came: string;
  constructor(plugin: string, law: string, expected: string, came: string, cause?: unknown) {
    super(`${plugin} breaks the rule "${law}"\n  expected: ${expected}\n  came:     ${came}`, cause === undefined ? undefined : { cause });
    this.name = 'BrokenLaw';
    this.law = law;
    this.expected = expected;
    this.came = came;
  }
}

/** Declares one rule: its name, what it expects in words, and the test, which throws a Breach with what happened instead. */
export type Declare = (law: string, expected: string, body: () => Promise<void>) => void;

/** What the rules are of, for the messages. */
interface Subject {
  readonly kind: string;
  readonly name: string;
}

export function lawsOf({ it }: Runner, { kind, name }: Subject, { limitMs = LIMIT_MS }: Pick<PluginTest, 'limitMs'>): Declare {
  return (law, expected, body) => {
    const checked = async () => {
      try {
        await body();
      } catch (error) {
        throw toBrokenLaw(`${kind} ${name}`, law, expected, error);
      }
    };
    // Some rules make several calls: a call that takes too long must be reported with the rule, and not by the test runner.
    it(law, checked, limitMs * 4);
  };
}

/** @throws Breach with `came` where the condition does not hold */
export function expectThat(condition: boolean, came: string): asserts condition {
  if (!condition) throw new Breach(came);
}

const LEAVES_RECORDS = 'leaves what it is given as it is';

function toBrokenLaw(plugin: string, law: string, expected: string, error: unknown): BrokenLaw {
  if (error instanceof Breach) return new BrokenLaw(plugin, law, expected, error.message);
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // Everything handed to a plugin is frozen, so a change throws wherever it is tried.
  if (error instanceof TypeError && /read only property|not extensible|Cannot (delete|redefine) property/.test(error.message)) {
    return new BrokenLaw(plugin, LEAVES_RECORDS, 'options and records are frozen; copy before you change', `${text}, in: ${law}`, error);
  }
  return new BrokenLaw(plugin, law, expected, `it threw ${text}`, error);
}
