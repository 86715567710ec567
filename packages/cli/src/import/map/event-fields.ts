import { BadLine } from '../read/line.js';
import { typeOf } from '../show/words.js';
import { attributePrefix, type Field, fieldNamed, isAttribute } from './field.js';

/** The fields of one event, from the line and the options. */
export class EventFields {
  readonly #fields = new Map<Field, { readonly value: unknown; readonly by: string }>();

  /**
   * Sets a value of the command line, which comes first and stays, even where it is empty: a field that `--map` names
   * and a line lacks must not come from another field of the line, such as the id of another contact.
   *
   * @param by - the name of its source
   */
  setByOption(field: Field, by: string, value: unknown): void {
    if (field === 'params') this.set(field, by, value);
    else this.#fields.set(field, { value: isAttribute(field) ? value : (value ?? undefined), by });
  }

  /**
   * Sets a value, unless the field has one.
   *
   * @param by - the name of its source
   */
  set(field: Field, by: string, value: unknown): void {
    if (value === undefined || this.#fields.has(field)) return;
    if (value === null && !isAttribute(field)) return;
    if (field === 'params') this.#setParams(by, value);
    else this.#fields.set(field, { value, by });
  }

  get(field: Field): unknown {
    return this.#fields.get(field)?.value;
  }

  /** The customer's own attributes. */
  get attributes(): Readonly<Record<string, unknown>> | undefined {
    const attributes = [...this.#fields].flatMap(([field, { value }]) =>
      isAttribute(field) && value !== undefined ? [[field.slice(attributePrefix.length), value]] : [],
    );
    return attributes.length > 0 ? Object.fromEntries(attributes) : undefined;
  }

  /** The name of a field in the file. */
  nameOf(field: Field): string {
    return this.#fields.get(field)?.by ?? field;
  }

  /** Replaces the tracker's name of a field in a message by its name in the file. */
  inWordsOfFile(problem: string): string {
    return problem.replace(/^\w+/, (name) => {
      const field = fieldNamed(name);
      return field ? this.nameOf(field) : name;
    });
  }

  /** On the wire, `params` holds named fields and attributes alike. */
  #setParams(by: string, params: unknown): void {
    if (typeof params !== 'object' || params === null || Array.isArray(params)) {
      throw new BadLine(`${by}: expected an object, got ${typeOf(params)}`);
    }
    for (const [name, value] of Object.entries(params)) {
      const field = fieldNamed(attributePrefix + name) ?? `params.${name}`;
      this.set(field, `${by}.${name}`, value);
    }
  }
}
