import { Refusal } from './refusal.ts';

/**
 * CloudFormation's intrinsic functions and dynamic references, as far as the app's templates use them. Any other one is
 * refused.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */

/** The values that a template may refer to. Each method throws a Refusal when there is none. */
export interface Scope {
  /** `Ref` to a resource or a pseudo parameter. */
  ref(name: string): string;
  /** `Fn::GetAtt`. */
  attribute(logicalId: string, name: string): string | readonly string[];
  /** The region's zones, as `Fn::GetAZs` gives them. */
  zones(): readonly string[];
  /** `{{resolve:secretsmanager:NAME:SecretString:KEY::VERSION}}`; without a version, the current one. */
  secret(secretName: string, jsonKey: string, versionId: string | undefined): string;
}

/** Returns `value` with every intrinsic function and dynamic reference replaced. A refusal names `path` as the place. */
export function evaluate(value: unknown, scope: Scope, path: string): unknown {
  if (typeof value === 'string') return resolveReferences(value, scope, path);
  if (Array.isArray(value)) return value.map((item, index) => evaluate(item, scope, `${path}.${index}`));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const intrinsic = entries.find(([key]) => isIntrinsic(key));
  if (intrinsic === undefined) {
    return Object.fromEntries(entries.map(([key, item]) => [key, evaluate(item, scope, join(path, key))]));
  }
  const [name, argument] = intrinsic;
  if (entries.length > 1) throw new Refusal(`${path}: ${name} must be the only key of its object`);
  const apply = intrinsics[name];
  if (apply === undefined) throw new Refusal(`${path}: the local cloud does not know the function ${name}`);
  return apply(argument, scope, path);
}

type Intrinsic = (argument: unknown, scope: Scope, path: string) => unknown;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope, path) => scope.ref(text(argument, path)),
  'Fn::GetAtt': getAttribute,
  'Fn::Join': (argument, scope, path) => {
    const [delimiter, parts] = pair(argument, scope, path);
    return texts(parts, path).join(text(delimiter, path));
  },
  'Fn::Split': (argument, scope, path) => {
    const [delimiter, whole] = pair(argument, scope, path);
    return text(whole, path).split(text(delimiter, path));
  },
  'Fn::Select': (argument, scope, path) => {
    const [index, parts] = pair(argument, scope, path);
    const chosen = texts(parts, path)[Number(index)];
    if (chosen === undefined) throw new Refusal(`${path}: Fn::Select finds nothing at ${String(index)}`);
    return chosen;
  },
  'Fn::Sub': substitute,
  'Fn::GetAZs': (_argument, scope) => scope.zones(),
  'Fn::Cidr': (argument, scope, path) => {
    const [block, count, bits] = texts(evaluate(argument, scope, path), path);
    return blocksWithin(block ?? '', Number(count), Number(bits), path);
  },
};

/** `count` blocks of IPv6 inside `block`, each with as many addresses as `bits` say. Only /64 in a /56 are known here. */
function blocksWithin(block: string, count: number, bits: number, path: string): readonly string[] {
  const [, start, last] = /^([0-9a-f:]+):([0-9a-f]{1,4})::\/56$/.exec(block) ?? [];
  if (start === undefined || last === undefined || bits !== 64) {
    throw new Refusal(`${path}: the local cloud does not know how to divide ${block} into blocks of ${bits} bits`);
  }
  const first = Number.parseInt(last, 16);
  return Array.from({ length: count }, (_, index) => `${start}:${(first + index).toString(16)}::/64`);
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function getAttribute(argument: unknown, scope: Scope, path: string): string | readonly string[] {
  const [logicalId, ...name] = typeof argument === 'string' ? argument.split('.') : texts(argument, path);
  return scope.attribute(text(logicalId, path), name.join('.'));
}

/** A template text, alone or with a map of more names. `${!Literal}` becomes `${Literal}`. */
function substitute(argument: unknown, scope: Scope, path: string): string {
  const [template, names] = Array.isArray(argument) ? argument : [argument, {}];
  const extra = evaluate(names ?? {}, scope, path) as Record<string, unknown>;
  const whole = text(template, path).replace(/\$\{([^}]*)\}/g, (_match, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(extra, name)) return text(extra[name], path);
    return text(name.includes('.') ? getAttribute(name, scope, path) : scope.ref(name), path);
  });
  return resolveReferences(whole, scope, path);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html */
function resolveReferences(whole: string, scope: Scope, path: string): string {
  return whole.replace(/\{\{resolve:([^}]*)\}\}/g, (match, reference: string) => {
    const parts = /^secretsmanager:([^:]+):SecretString:([^:]+?)(?:::([\w-]+)|:{0,2})$/.exec(reference);
    const [, secretName, jsonKey, versionId] = parts ?? [];
    if (secretName === undefined || jsonKey === undefined) {
      throw new Refusal(`${path}: the local cloud does not know the reference ${match}`);
    }
    return scope.secret(secretName, jsonKey, versionId);
  });
}

function pair(argument: unknown, scope: Scope, path: string): [unknown, unknown] {
  const values = evaluate(argument, scope, path);
  if (!Array.isArray(values) || values.length !== 2) throw new Refusal(`${path}: the function needs two arguments`);
  return [values[0], values[1]];
}

function texts(value: unknown, path: string): string[] {
  if (!Array.isArray(value)) throw new Refusal(`${path}: the function needs a list`);
  return value.map((item) => text(item, path));
}

function text(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new Refusal(`${path}: the function needs a text`);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
