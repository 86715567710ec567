import { BadLine } from '../read/line.js';
import { typeOf } from '../show/words.js';
import { type Field, type FieldName, fieldNamed, wireName } from './field.js';

/** The fields of one event, from the line and the options. */
export class EventFields {
  readonly #fields = new Map<FieldName, { readonly value: unknown; readonly by: string }>();
  readonly #attributes = new Map<string, unknown>();

  /**
   * Sets a value of the command line, which comes first and stays, even where it is empty: a field that `--map` names
   * and a line lacks must not come from another field of the line, such as the id of another contact.
   *
   * @param by - the name of its source
   */
  setByOption(field: Field, by: string, value: unknown): void {
    if (field.name === 'params') this.set(field, by, value);
    else if (field.name === 'attribute') this.#attributes.set(field.attribute, value);
    else this.#fields.set(field.name, { value: value ?? undefined, by });
  }

  /**
   * Sets a value, unless the field has one.
   *
   * @param by - the name of its source
   */
  set(field: Field, by: string, value: unknown): void {
    if (value === undefined) return;
    if (field.name === 'attribute') {
      if (!this.#attributes.has(field.attribute)) this.#attributes.set(field.attribute, value);
    } else if (value === null || this.#fields.has(field.name)) return;
    else if (field.name === 'params') this.#setParams(by, value);
    else this.#fields.set(field.name, { value, by });
  }

  get(name: FieldName): unknown {
    return this.#fields.get(name)?.value;
  }

  /** The customer's own attributes. */
  get attributes(): Readonly<Record<string, unknown>> | undefined {
    const fields = [...this.#attributes].filter(([, value]) => value !== undefined);
    return fields.length > 0 ? Object.fromEntries(fields) : undefined;
  }

  /** The name of a field in the file. */
  nameOf(name: FieldName): string {
    return this.#fields.get(name)?.by ?? wireName(name);
  }

  /** Replaces the tracker's name of a field in a message by its name in the file. */
  inWordsOfFile(problem: string): string {
    return problem.replace(/^(?:contactUid|eventUid|accountUid|displayName|visitUrl)\b/, (name) =>
      this.nameOf(name as FieldName),
    );
  }

  /** On the wire, `params` holds named fields and attributes alike. */
  #setParams(by: string, params: unknown): void {
    if (typeof params !== 'object' || params === null || Array.isArray(params)) {
      throw new BadLine(`${by}: expected an object, got ${typeOf(params)}`);
    }
    for (const [name, value] of Object.entries(params)) {
      this.set(
        fieldNamed(`params.${name}`) ?? { name: 'attribute', attribute: name },
        `${by}.${name}`,
        value,
      );
    }
  }
}
