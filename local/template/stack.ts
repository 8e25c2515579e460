import { identityOf, type ResourceIdentity } from './identities.ts';
import { evaluate, type Scope } from './intrinsics.ts';
import { Refusal } from './refusal.ts';
import type { KnownResource, ResourceType } from './resource-type.ts';
import { resourceTypes } from './resource-types.ts';
import { describeIssues, type TemplateFile, type TemplateResource } from './template-file.ts';

/** Returns the value under `jsonKey` of a secret. Throws a Refusal when there is none. */
export type ResolveSecret = (secretName: string, jsonKey: string, place: SecretPlace) => string;

export interface SecretPlace {
  readonly region: string;
  /** Undefined = the current version. */
  readonly versionId: string | undefined;
}

export interface StackPlace {
  readonly stackName: string;
  readonly region: string;
  readonly account: string;
}

/**
 * One stack's resources, evaluated and checked property by property. Problems are collected, not thrown, so that all of
 * them are reported at once. While `problems` is not empty, all other results are incomplete.
 */
export class Stack {
  readonly place: StackPlace;
  readonly problems: string[] = [];
  readonly #file: TemplateFile;
  readonly #scope: Scope;
  readonly #known = new Map<string, { readonly type: string; readonly properties: unknown }>();

  constructor(place: StackPlace, file: TemplateFile, resolveSecret: ResolveSecret) {
    this.place = place;
    this.#file = file;
    this.#scope = {
      ref: (name) => this.#pseudoParameter(name) ?? this.#identity(name).ref,
      attribute: (logicalId, name) => this.#value(logicalId, name),
      zones: () => ['a', 'b', 'c'].map((letter) => `${place.region}${letter}`),
      secret: (name, jsonKey, versionId) => resolveSecret(name, jsonKey, { region: place.region, versionId }),
    };
    for (const [logicalId, resource] of Object.entries(file.Resources)) this.#read(logicalId, resource);
  }

  all<Properties>(type: ResourceType<Properties>): KnownResource<Properties>[] {
    return [...this.#known]
      .filter(([, resource]) => resource.type === type.name)
      .map(([logicalId, { properties }]) => ({ logicalId, properties: properties as Properties }));
  }

  arn(logicalId: string): string {
    return this.#attribute(logicalId, 'Arn');
  }

  /** The value of `Fn::GetAtt`. */
  attribute(logicalId: string, name: string): string {
    return this.#attribute(logicalId, name);
  }

  ref(logicalId: string): string {
    return this.#identity(logicalId).ref;
  }

  outputs(): Record<string, string> {
    const values = Object.entries(this.#file.Outputs).map(([name, { Value }]) => [
      name,
      this.#gathering(`output ${name}`, () => String(evaluate(Value, this.#scope, 'Value'))),
    ]);
    return Object.fromEntries(values);
  }

  refuse(logicalId: string, message: string): void {
    this.problems.push(`${this.place.stackName}: ${this.#title(logicalId)}: ${message}`);
  }

  #read(logicalId: string, resource: TemplateResource): void {
    const type = resourceTypes.find(({ name }) => name === resource.Type);
    if (type === undefined) {
      this.refuse(logicalId, 'the local cloud does not know this resource type');
      return;
    }
    const properties = this.#gathering(logicalId, () => this.#evaluated(resource.Properties));
    if (properties === undefined) return;
    const parsed = type.parse(properties);
    if (parsed.kind === 'known') {
      this.#known.set(logicalId, { type: type.name, properties: parsed.properties });
    } else {
      for (const issue of describeIssues(parsed.error)) this.refuse(logicalId, issue);
    }
  }

  #evaluated(properties: Record<string, unknown>): Record<string, unknown> {
    return evaluate(properties, this.#scope, '') as Record<string, unknown>;
  }

  #gathering<Value>(logicalId: string, work: () => Value): Value | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refuse(logicalId, error.message);
      return undefined;
    }
  }

  #title(logicalId: string): string {
    const resource = this.#file.Resources[logicalId];
    return resource === undefined ? logicalId : `${logicalId} (${resource.Type})`;
  }

  #value(logicalId: string, name: string): string | readonly string[] {
    const value = this.#identity(logicalId).attributes[name];
    if (value === undefined) throw new Refusal(`the local cloud does not know the attribute ${logicalId}.${name}`);
    return value;
  }

  #attribute(logicalId: string, name: string): string {
    const value = this.#value(logicalId, name);
    if (typeof value === 'string') return value;
    throw new Refusal(`the attribute ${logicalId}.${name} is a list`);
  }

  #identity(logicalId: string): ResourceIdentity {
    const resource = this.#file.Resources[logicalId];
    if (resource === undefined) throw new Refusal(`a reference to ${logicalId}, which is not in the template`);
    return identityOf({
      logicalId,
      type: resource.Type,
      ...this.place,
      property: (name) => this.#nameIn(resource, name),
      functionName: (property) => this.#functionIn(resource, property),
    });
  }

  /** Follows references to functions only. Their names refer to no other resource, so there can be no circle. */
  #functionIn(resource: TemplateResource, property: string): string {
    const ref = (name: string): string => {
      if (this.#file.Resources[name]?.Type === 'AWS::Lambda::Function') return this.ref(name);
      throw new Refusal(`${property}: ${name} is no function in the template`);
    };
    return String(evaluate(resource.Properties[property], { ...this.#scope, ref, attribute: notInNames }, property));
  }

  /** A physical name may contain pseudo parameters, but no other resources. So there can be no circle. */
  #nameIn(resource: TemplateResource, property: string): string | undefined {
    const value = resource.Properties[property];
    if (value === undefined) return undefined;
    return String(
      evaluate(value, { ...this.#scope, ref: (name) => this.#onlyPseudo(name), attribute: notInNames }, property),
    );
  }

  #onlyPseudo(name: string): string {
    return this.#pseudoParameter(name) ?? notInNames();
  }

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
  #pseudoParameter(name: string): string | undefined {
    const values: Readonly<Record<string, string>> = {
      'AWS::Region': this.place.region,
      'AWS::AccountId': this.place.account,
      'AWS::StackName': this.place.stackName,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return values[name];
  }
}

function notInNames(): never {
  throw new Refusal('a physical name may not refer to another resource');
}
