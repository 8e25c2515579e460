import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface Resource {
  readonly Type: string;
  readonly Properties?: Fields;
}

type Fields = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Resource>>;

/**
 * Takes out of the templates of an earlier release what made its figures: `stats`, `ledger`, S3's notifications and an
 * index of DynamoDB. The local cloud does not model these services any more. Everything else stays as it was deployed.
 */
export function leaveOutFigures(assembly: string): void {
  for (const name of readdirSync(assembly).filter((one) => one.endsWith('.template.json'))) {
    const file = path.join(assembly, name);
    const template = JSON.parse(readFileSync(file, 'utf8')) as { readonly Resources: Resources };
    writeFileSync(file, JSON.stringify({ ...template, Resources: withoutFigures(template.Resources) }));
  }
}

export function withoutFigures(resources: Resources): Resources {
  const gone = new Set(Object.keys(resources).filter((id) => isOfFigures(resources[id])));
  for (let before = -1; before < gone.size; ) {
    before = gone.size;
    for (const [id, resource] of Object.entries(resources)) if (references(resource, gone)) gone.add(id);
  }
  const kept = Object.entries(resources).filter(([id]) => !gone.has(id));
  return Object.fromEntries(kept.map(([id, resource]) => [id, { ...resource, Properties: modelled(resource) }]));
}

function isOfFigures(resource: Resource | undefined): boolean {
  return (
    resource?.Type === 'AWS::Lambda::Function' && /-(stats|ledger)$/.test(`${resource.Properties?.['FunctionName']}`)
  );
}

/** Whether a value refers to one of these resources, with Ref or Fn::GetAtt. */
function references(value: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as Fields;
  const named = [ref, Array.isArray(attribute) ? attribute[0] : attribute];
  if (named.some((one) => typeof one === 'string' && ids.has(one))) return true;
  return Object.values(value).some((one) => references(one, ids));
}

function modelled({ Type: type, Properties: properties = {} }: Resource): Fields {
  switch (type) {
    case 'AWS::S3::Bucket': {
      const { NotificationConfiguration: _, ...others } = properties;
      return others;
    }
    case 'AWS::DynamoDB::Table': {
      const { GlobalSecondaryIndexes: _, ...others } = properties;
      return { ...others, AttributeDefinitions: keysOnly(properties) };
    }
    case 'AWS::SQS::QueuePolicy': {
      const { PolicyDocument: document } = properties as { readonly PolicyDocument: { readonly Statement: Fields[] } };
      const denials = document.Statement.filter(({ Effect: effect }) => effect === 'Deny');
      return { ...properties, PolicyDocument: { ...document, Statement: denials } };
    }
    default:
      return properties;
  }
}

function keysOnly({ AttributeDefinitions: attributes, KeySchema: keys }: Fields): readonly Fields[] {
  const names = new Set((keys as readonly Fields[]).map(({ AttributeName: name }) => name));
  return (attributes as readonly Fields[]).filter(({ AttributeName: name }) => names.has(name));
}
