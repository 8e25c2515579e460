import { z } from 'zod';

/**
 * The properties of a resource type that the local cloud knows. The schema reads a property, or `notModelled` gives the
 * reason why not. Every other property is refused, so that nothing in a template is ignored by accident.
 */
export interface ResourceType<Properties> {
  readonly name: string;
  parse(
    properties: Record<string, unknown>,
  ):
    | { readonly kind: 'known'; readonly properties: Properties }
    | { readonly kind: 'refused'; readonly error: z.ZodError };
}

export interface KnownResource<Properties> {
  readonly logicalId: string;
  readonly properties: Properties;
}

export function resourceType<Shape extends z.ZodRawShape>(
  name: string,
  shape: Shape,
  notModelled: Readonly<Record<string, string>> = {},
): ResourceType<z.output<z.ZodObject<Shape>>> {
  const schema = z.strictObject(shape);
  return {
    name,
    parse: (properties) => {
      const read = Object.entries(properties).filter(([key]) => !Object.hasOwn(notModelled, key));
      const result = schema.safeParse(Object.fromEntries(read));
      return result.success
        ? { kind: 'known', properties: result.data as z.output<z.ZodObject<Shape>> }
        : { kind: 'refused', error: result.error };
    },
  };
}
