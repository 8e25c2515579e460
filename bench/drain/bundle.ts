import { type BuildOptions, build } from 'esbuild';

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  logLevel: 'error',
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
};

/** Bundles a function like the stacks do, as `<part>.mjs`. */
export async function bundleFunction(part: string, folder: string): Promise<void> {
  const entryPoints = { [part]: `lambda/${part}/${part}.lambda.ts` };
  await build({ ...shared, outdir: folder, minify: true, entryPoints });
}

/** Bundles files of the benchmarks. The names of functions stay. */
export async function bundleNamed(folder: string, entryPoints: Readonly<Record<string, string>>): Promise<void> {
  await build({ ...shared, outdir: folder, entryPoints: { ...entryPoints } });
}
