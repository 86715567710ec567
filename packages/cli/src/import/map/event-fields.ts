import { BadLine } from '../keep/bad-line.js';
import { typeOf } from '../show/words.js';
import { type Field, type FieldName, fieldNamed, wireName } from './field.js';

/** What a line, and the command line, tell of an event. */
export class ToldFields {
  readonly #told = new Map<FieldName, { readonly value: unknown; readonly by: string }>();
  readonly #attributes = new Map<string, unknown>();

  /**
   * Takes what the command line says, which comes first: it stays, also where it is nothing. A field that `--map` names
   * and a line lacks must not come from another field of the line, such as the id of somebody else.
   *
   * @param by - what it is called where it comes from
   */
  decide(field: Field, by: string, value: unknown): void {
    if (field.name === 'params') this.tell(field, by, value);
    else if (field.name === 'attribute') this.#attributes.set(field.attribute, value);
    else this.#told.set(field.name, { value: value ?? undefined, by });
  }

  /**
   * Takes a value. The first one for a field stays.
   *
   * @param by - what it is called where it comes from
   */
  tell(field: Field, by: string, value: unknown): void {
    if (value === undefined) return;
    if (field.name === 'attribute') {
      if (!this.#attributes.has(field.attribute)) this.#attributes.set(field.attribute, value);
    } else if (value === null || this.#told.has(field.name)) return;
    else if (field.name === 'params') this.#tellAll(by, value);
    else this.#told.set(field.name, { value, by });
  }

  get(name: FieldName): unknown {
    return this.#told.get(name)?.value;
  }

  /** Attributes of the customer's own. */
  get attributes(): Readonly<Record<string, unknown>> | undefined {
    const told = [...this.#attributes].filter(([, value]) => value !== undefined);
    return told.length > 0 ? Object.fromEntries(told) : undefined;
  }

  /** What a field is called in the file. */
  nameOf(name: FieldName): string {
    return this.#told.get(name)?.by ?? wireName(name);
  }

  /** Says a problem that the tracker has with a field in the words of the file. */
  inWordsOfFile(problem: string): string {
    return problem.replace(/^(?:contactUid|eventUid|accountUid|displayName|visitUrl)\b/, (name) =>
      this.nameOf(name as FieldName),
    );
  }

  /** On the wire, `params` holds named fields and attributes alike. */
  #tellAll(by: string, params: unknown): void {
    if (typeof params !== 'object' || params === null || Array.isArray(params)) {
      throw new BadLine(`${by}: expected an object, got ${typeOf(params)}`);
    }
    for (const [name, value] of Object.entries(params)) {
      this.tell(
        fieldNamed(`params.${name}`) ?? { name: 'attribute', attribute: name },
        `${by}.${name}`,
        value,
      );
    }
  }
}
