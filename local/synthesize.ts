import { type ExecFileException, execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UserError } from './listen.ts';

const synthesisMsMax = 180_000;

/**
 * Writes the app's templates and bundles to `output`, as `cdk deploy` reads them. Deletes `output` first. When the app
 * cannot be synthesized, for example because of its config, throws a UserError with the CDK's own message.
 */
export async function synthesize(projectFolder: string, configFile: string, output: string): Promise<void> {
  await rm(output, { recursive: true, force: true });
  const cli = createRequire(path.join(projectFolder, 'package.json')).resolve('aws-cdk/bin/cdk');
  const options = ['synth', '--quiet', '--no-notices', '--no-version-reporting', '--output', output];
  await new Promise<void>((resolve, reject) => {
    // The CDK's own validation takes more than half of the time. Tests and deploys run it.
    const environment = { ...process.env, KEEPTRACK_CONFIG: configFile, CDK_VALIDATION: 'false' };
    const limits = { cwd: projectFolder, env: environment, timeout: synthesisMsMax };
    execFile(process.execPath, [cli, ...options], limits, (error, _stdout, stderr) => {
      if (error) reject(new UserError(`the app could not be synthesized:\n${reasonOf(error, stderr)}`));
      else resolve();
    });
  });
}

function reasonOf({ killed, signal, message }: ExecFileException, stderr: string): string {
  if (killed) return `it took longer than ${synthesisMsMax / 1_000} s`;
  // For example after Ctrl-C, when there is no mistake to mend.
  if (signal) return `it was ended by ${signal}`;
  return stderr.trim() || message;
}
