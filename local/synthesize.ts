import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UserError } from './listen.ts';

const synthesisMsMax = 180_000;

/** Writes the app's templates and bundles to `output`, as `cdk deploy` would read them, whatever stood there. */
export async function synthesize(projectFolder: string, configFile: string, output: string): Promise<void> {
  await rm(output, { recursive: true, force: true });
  const cli = createRequire(path.join(projectFolder, 'package.json')).resolve('aws-cdk/bin/cdk');
  const options = ['synth', '--quiet', '--no-notices', '--no-version-reporting', '--output', output];
  await run(process.execPath, [cli, ...options, '--context', `config=${configFile}`], projectFolder);
}

function run(command: string, commandArguments: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(command, commandArguments, { cwd, timeout: synthesisMsMax }, (error, _stdout, stderr) => {
      if (error) reject(new UserError(`the app could not be synthesized:\n${stderr.trim() || error.message}`));
      else resolve();
    });
  });
}
