/** The fields of an event, and those that set its kind, with their names: that of the wire first, then its aliases. */
const namesOf = {
  contactUid: ['contact_uid', 'contactUid'],
  eventUid: ['event_uid', 'eventUid'],
  accountUid: ['account_uid', 'accountUid', 'params.account_uid'],
  displayName: ['display_name', 'displayName', 'params.display_name'],
  visitUrl: ['visit_url', 'visitUrl', 'params.visit_url'],
  occurredAt: ['created_at', 'occurred_at', 'occurredAt'],
  params: ['params'],
  method: ['method'],
  kind: ['kind'],
} as const;

export type FieldName = keyof typeof namesOf;

/** A field of an event, or one of the customer's own attributes. */
export type Field = { readonly name: FieldName } | { readonly name: 'attribute'; readonly attribute: string };

const attributePrefix = 'params.';

const fields: ReadonlyMap<string, Field> = new Map(
  Object.entries(namesOf).flatMap(([name, all]) => all.map((one) => [one, { name: name as FieldName }])),
);

/** Returns the field with this name on the wire, in this library, or as a column. */
export function fieldNamed(name: string): Field | undefined {
  const field = fields.get(name);
  if (field || !name.startsWith(attributePrefix)) return field;
  const attribute = name.slice(attributePrefix.length);
  return attribute === '' ? undefined : { name: 'attribute', attribute };
}

/** The name of a field on the wire. */
export function wireName(name: FieldName): string {
  return namesOf[name][0];
}

/** A field as the command line names it. */
export function optionName(field: Field): string {
  return field.name === 'attribute' ? `${attributePrefix}${field.attribute}` : wireName(field.name);
}

/** The fields that the command line accepts, for messages. */
export const fieldNames: readonly string[] = [
  ...(['contactUid', 'eventUid', 'accountUid', 'displayName', 'visitUrl', 'occurredAt'] as const).map(
    wireName,
  ),
  'params.<name>',
];
