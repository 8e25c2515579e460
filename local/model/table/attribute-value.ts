/**
 * Values as DynamoDB's API writes them: an object with one key, the type. Numbers are text, and binaries are base64.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: AttributeMap }
  | { readonly L: readonly AttributeValue[] };

/** Attributes by name. */
export type AttributeMap = { readonly [name: string]: AttributeValue };

export const typeNames = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'M', 'L'] as const;
export type TypeName = (typeof typeNames)[number];

export type SetValue = Extract<AttributeValue, { SS: unknown } | { NS: unknown } | { BS: unknown }>;

export function typeOf(value: AttributeValue): TypeName {
  const name = typeNames.find((candidate) => candidate in value);
  if (name === undefined) throw new Error(`no attribute value: ${JSON.stringify(value)}`);
  return name;
}

/** Undefined for what is no set. */
export function membersOf(value: AttributeValue): readonly string[] | undefined {
  if ('SS' in value) return value.SS;
  if ('NS' in value) return value.NS;
  return 'BS' in value ? value.BS : undefined;
}

/** Of a name that an object may also have by its nature, such as `constructor`. */
export function attributeOf(item: AttributeMap, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

export function withAttribute(item: AttributeMap, name: string, value: AttributeValue): AttributeMap {
  return { ...item, [name]: value };
}

export function withoutAttribute(item: AttributeMap, name: string): AttributeMap {
  return Object.fromEntries(Object.entries(item).filter(([other]) => other !== name));
}
