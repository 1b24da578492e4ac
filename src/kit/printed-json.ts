/**
 * An answer that is JSON text already. Long lists are printed from pieces that are kept, which
 * costs a tenth of building the objects and printing them. Faces that print JSON take the text;
 * everyone else reads it with `plain`, and JSON.stringify prints it right wherever it stands.
 */
export class PrintedJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toJSON(): unknown {
    return JSON.parse(this.text)
  }
}

/** Passes JSON text for the value that it says. */
export const printed = <T>(text: string): T => new PrintedJson(text) as T

/** The JSON text of an answer, printed or not. */
export const printJson = (value: unknown): string =>
  value instanceof PrintedJson ? value.text : JSON.stringify(value)

/** The answer as a value that can be looked into. */
export const plain = <T>(value: T): T =>
  value instanceof PrintedJson ? (value.toJSON() as T) : value
