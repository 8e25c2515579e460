import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AssetDirectory } from './function-templates.ts';
import { readTemplate } from './read-template.ts';
import { TemplateRefused } from './refusal.ts';
import type { RegionTemplate } from './region-template.ts';
import type { ResolveSecret, StackPlace } from './stack.ts';
import { zoneProblems } from './zone-problems.ts';

/** The parts of a cloud assembly that the local cloud reads. They are stable, and the CDK's library for them is large. */

const manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      dependencies: z.array(z.string()).default([]),
      properties: z
        .object({ templateFile: z.string().optional(), stackName: z.string().optional(), file: z.string().optional() })
        .default({}),
    }),
  ),
});
type Artifacts = z.output<typeof manifest>['artifacts'];

const assetManifest = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/**
 * Reads the regions of a folder that `cdk synth` wrote, in the order of its stacks. Throws one TemplateRefused with
 * every problem of every stack.
 */
export function readAssembly(directory: string, resolveSecret: ResolveSecret): RegionTemplate[] {
  const { artifacts } = manifest.parse(readJson(join(directory, 'manifest.json')));
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const read = stacks.map(([id, { environment, properties, dependencies }]) =>
    readTemplate(
      {
        place: placeOf(properties.stackName ?? id, environment),
        template: readJson(join(directory, properties.templateFile ?? `${id}.template.json`)),
        assetDirectory: assetsOf(directory, artifacts, dependencies),
      },
      resolveSecret,
    ),
  );
  const problems = read.flatMap((result) => (result.kind === 'refused' ? result.problems : []));
  if (stacks.length === 0) problems.push(`${directory} holds no stack`);
  const templates = read.flatMap((result) => (result.kind === 'read' ? [result.template] : []));
  problems.push(...zoneProblems(templates));
  if (problems.length > 0) throw new TemplateRefused(problems);
  return templates;
}

/** `environment` is `aws://<account>/<region>`. Without an account and a region, names would contain placeholders. */
function placeOf(stackName: string, environment: string | undefined): StackPlace {
  const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment ?? '') ?? [];
  if (account === undefined || region === undefined) {
    throw new TemplateRefused([`${stackName}: must have an account and a region, not ${environment}`]);
  }
  return { stackName, account, region };
}

function assetsOf(directory: string, artifacts: Artifacts, dependencies: readonly string[]): AssetDirectory {
  const files = dependencies
    .map((id) => artifacts[id])
    .filter((artifact) => artifact?.type === 'cdk:asset-manifest')
    .flatMap((artifact) => Object.values(readAssets(join(directory, artifact?.properties.file ?? ''))));
  return (objectKey) => {
    const asset = files.find(({ destinations }) =>
      Object.values(destinations).some((destination) => destination.objectKey === objectKey),
    );
    const path = asset && join(directory, asset.source.path);
    return path !== undefined && existsSync(path) ? path : undefined;
  };
}

function readAssets(path: string) {
  return assetManifest.parse(readJson(path)).files;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
