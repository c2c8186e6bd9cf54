/** A known failure inside a plugin: its code and text become the reason of the verdict. */
export class ReasonError extends Error {
  readonly code: string;
  /** What the program that failed has printed, where there was one. */
  readonly log: string;
  constructor(code: string, text: string, log = '') {
    super(text);
    this.name = 'ReasonError';
    this.code = code;
    this.log = log;
  }
}
