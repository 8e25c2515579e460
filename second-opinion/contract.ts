import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { anyPort, listen, UserError } from '../local/listen.ts';
import { makeBucket, startMoto } from './moto.ts';
import type { Outcome } from './outcome.ts';
import { run, start } from './processes.ts';
import { awsEnvironment, projectFolder, type Workplace } from './workplace.ts';

const region = 'us-east-1';
const bucket = 'keeptrack-contract';
const vitest = join(
  dirname(createRequire(join(projectFolder, 'package.json')).resolve('vitest/package.json')),
  'vitest.mjs',
);
const jarName = 'DynamoDBLocal.jar';
const startMsMax = 30_000;
const pauseMs = 200;

/** Runs test/contract against other servers. A test that fails is a difference: a rule that the server does not have. */
export async function contract(workplace: Workplace): Promise<Outcome> {
  const { dynamodbLocal } = workplace;
  if (dynamodbLocal !== undefined && !existsSync(join(dynamodbLocal, jarName))) {
    throw new UserError(`--dynamodb-local: there is no ${jarName} in ${dynamodbLocal}`);
  }
  const moto = await startMoto(workplace, { account: '111122223333', zoneId: 'Z0123456789ABC' });
  await makeBucket(moto, bucket, region);
  workplace.progress('the contract tests run against moto');
  const onMoto = await runTests('moto', 'test/contract', workplace, {
    CONTRACT_DYNAMODB_ENDPOINT: moto.url,
    CONTRACT_SQS_ENDPOINT: moto.url,
    CONTRACT_SNS_ENDPOINT: moto.url,
    CONTRACT_S3_ENDPOINT: moto.url,
    CONTRACT_S3_BUCKET: bucket,
  });
  moto.stop();
  const compared = `${onMoto.tests} contract tests on moto`;
  if (dynamodbLocal === undefined) {
    return { compared, differences: onMoto.failed, notes: ['without DynamoDB Local: see --dynamodb-local'] };
  }
  const onLocal = await runOnDynamoDbLocal(dynamodbLocal, workplace);
  return {
    compared: `${compared}, ${onLocal.tests} on DynamoDB Local`,
    differences: [...onMoto.failed, ...onLocal.failed],
  };
}

interface TestRun {
  readonly tests: number;
  readonly failed: readonly string[];
}

const reportSchema = z.object({
  numTotalTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

async function runTests(
  server: string,
  folder: string,
  workplace: Workplace,
  endpoints: NodeJS.ProcessEnv,
): Promise<TestRun> {
  const file = join(workplace.folder, `contract-${server.replaceAll(' ', '-')}.json`);
  const options = ['run', '--project', 'parts', folder, '--reporter', 'json', '--outputFile', file];
  const { stderr } = await run({
    file: process.execPath,
    args: [vitest, ...options],
    folder: projectFolder,
    env: { ...awsEnvironment(workplace.folder), ...endpoints },
    limitMs: 600_000,
  });
  return failuresIn(server, readReport(file, stderr));
}

function readReport(file: string, said: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`vitest wrote no report:\n${said}`);
  }
}

/** `report` is vitest's own JSON. A file that cannot even begin is one difference. */
export function failuresIn(server: string, report: string): TestRun {
  const { numTotalTests, testResults } = reportSchema.parse(JSON.parse(report));
  const failed = testResults.flatMap(({ name, message = '', assertionResults }) => {
    const file = basename(name, '.test.ts');
    if (assertionResults.length === 0) return [`${server}: ${file}: ${message.split('\n')[0]}`];
    return assertionResults
      .filter(({ status }) => status !== 'passed')
      .map(({ fullName }) => `${server}: ${file}: ${fullName}`);
  });
  return { tests: numTotalTests, failed };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html */
async function runOnDynamoDbLocal(folder: string, workplace: Workplace): Promise<TestRun> {
  const { url, close } = await listen(createServer(), anyPort);
  await close();
  const jar = ['-Djava.library.path=DynamoDBLocal_lib', '-jar', jarName];
  const args = [...jar, '-inMemory', '-disableTelemetry', '-port', new URL(url).port];
  const output: string[] = [];
  const server = start({ file: 'java', args, folder, env: process.env }, (text) => output.push(text));
  let failure: Error | undefined;
  server.on('error', (error) => {
    failure = error;
  });
  const deadlineMs = Date.now() + startMsMax;
  while (!(await listens(url))) {
    const ended = failure !== undefined || server.exitCode !== null;
    if (ended || Date.now() > deadlineMs) {
      throw new UserError(`DynamoDB Local did not start in ${folder}: ${failure?.message ?? output.join('')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  workplace.progress('the contract tests run against DynamoDB Local');
  const tests = await runTests('DynamoDB Local', 'test/contract/dynamodb', workplace, {
    CONTRACT_DYNAMODB_ENDPOINT: url,
  });
  server.kill('SIGKILL');
  return tests;
}

/** Any answer will do: without a signature DynamoDB Local answers 400. */
async function listens(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}
