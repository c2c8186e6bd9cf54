import { isFields } from './tokens.ts';

/** Where the families put what a model has said, in a body or in an event of a stream. */
const HOLDERS = ['delta', 'choices', 'candidates', 'content', 'output'];
/** Words of the API, not of the model. */
const NOT_SAID = new Set(['type', 'id', 'call_id', 'role', 'name', 'status', 'model', 'finish_reason', 'finishReason', 'stop_reason']);
const CHARACTERS_A_TOKEN = 4;

/** How much of a model's words a call has passed on, for calls that the service gives no figures for. */
export class Delivered {
  #pieces = 0;
  #characters = 0;

  add(value: unknown): void {
    const characters = saidIn(value);
    if (characters === 0) return;
    this.#pieces += 1;
    this.#characters += characters;
  }

  /** An estimate: a piece of a stream is at least a token, and a token has about four characters. */
  tokens(): number {
    return Math.max(this.#pieces, Math.ceil(this.#characters / CHARACTERS_A_TOKEN));
  }
}

function saidIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + saidIn(one), 0);
  if (!isFields(value)) return 0;
  return HOLDERS.reduce((sum, name) => sum + charactersIn(value[name]), 0);
}

function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [name, one]) => sum + (NOT_SAID.has(name) ? 0 : charactersIn(one)), 0);
}
