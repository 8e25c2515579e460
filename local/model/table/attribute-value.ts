/**
 * A value as DynamoDB's API writes it: an object with one key, the type. Numbers are text. The models know texts,
 * numbers and sets of numbers, because Keeptrack stores nothing else.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export type AttributeValue = { readonly S: string } | { readonly N: string } | { readonly NS: readonly string[] };

/** Attributes by name: an item, or a key. */
export type AttributeMap = { readonly [name: string]: AttributeValue };

const typeNames = ['S', 'N', 'NS'] as const;
export type TypeName = (typeof typeNames)[number];

export function typeOf(value: AttributeValue): TypeName {
  const name = typeNames.find((candidate) => candidate in value);
  if (name === undefined) throw new Error(`no attribute value: ${JSON.stringify(value)}`);
  return name;
}

/** Reads own properties only, because an attribute may be called `constructor`. */
export function attributeOf(item: AttributeMap, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}
