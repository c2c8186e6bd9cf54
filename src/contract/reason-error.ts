/** A known failure inside a plugin: its code and text become the reason of the verdict. */
export class ReasonError extends Error {
  readonly code: string;
  constructor(code: string, text: string) {
    super(text);
    this.name = 'ReasonError';
    this.code = code;
  }
}
