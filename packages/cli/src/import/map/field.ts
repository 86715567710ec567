/** The fields of an event, and those that set its kind: the name on the wire, and its aliases. */
const aliases = {
  contact_uid: ['contactUid'],
  event_uid: ['eventUid'],
  account_uid: ['accountUid', 'params.account_uid'],
  display_name: ['displayName', 'params.display_name'],
  visit_url: ['visitUrl', 'params.visit_url'],
  created_at: ['occurred_at', 'occurredAt'],
  params: [],
  method: [],
  kind: [],
} as const;

/** A field of an event by its name on the wire, or one of the customer's own attributes, `params.plan`. */
export type Field = keyof typeof aliases | `params.${string}`;

export const attributePrefix = 'params.';

const fields: ReadonlyMap<string, Field> = new Map(
  Object.entries(aliases).flatMap(([name, others]) => [name, ...others].map((one) => [one, name as Field])),
);

/** Returns the field with this name on the wire, in this library, or as a column. */
export function fieldNamed(name: string): Field | undefined {
  const isNamed = isAttribute(name) && name !== attributePrefix;
  return fields.get(name) ?? (isNamed ? name : undefined);
}

export function isAttribute(name: string): name is `params.${string}` {
  return name.startsWith(attributePrefix);
}
