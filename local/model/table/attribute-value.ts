/**
 * A value as DynamoDB's API writes it: an object with one key, the type. Numbers are text. The models know texts and
 * numbers, because Keeptrack stores nothing else.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export type AttributeValue = { readonly S: string } | { readonly N: string };

/** Attributes by name: an item, or a key. */
export type AttributeMap = { readonly [name: string]: AttributeValue };

/** Reads own properties only, because an attribute may be called `constructor`. */
export function attributeOf(item: AttributeMap, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}
