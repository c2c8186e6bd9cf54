import { Ajv, type ErrorObject } from 'ajv';
import { isDuration } from '../duration.ts';

/** Ajv as configs and plugin options need it: all errors, defaults filled in, nothing coerced, unknown keywords refused. */
export function createAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    useDefaults: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    logger: false,
  });
  ajv.addFormat('duration', isDuration);
  ajv.addFormat('regex', isRegex);
  return ajv;
}

/** Validates in place and answers what is wrong. */
export function validateWith(ajv: Ajv, schema: object, value: unknown): readonly ErrorObject[] {
  const validate = ajv.compile(schema);
  return validate(value) ? [] : (validate.errors ?? []);
}

/** Why a regular expression cannot be used; null when it can. */
export function regexProblem(text: string): string | null {
  try {
    void new RegExp(text);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.split(': ').at(-1) ?? message;
  }
}

function isRegex(text: string): boolean {
  return regexProblem(text) === null;
}
