import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** Writes texts to one bucket, over what was there: unlike segments, the current catalog changes. */
export interface Publisher {
  /** Resolves to why it was not taken, or to nothing when it was; never throws. */
  put(key: string, text: string): Promise<string | undefined>;
  close(): void;
}

/** Without `endpointUrl`: AWS, with the caller's own credentials. The local cloud reads signatures and checks none. */
export function openPublisher(region: string, bucket: string, endpointUrl?: string): Publisher {
  const client = new S3Client({
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    ...(endpointUrl !== undefined && {
      endpoint: endpointUrl,
      forcePathStyle: true,
      credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
    }),
  });
  return {
    async put(key, text) {
      try {
        await client.send(
          new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' }),
        );
        return undefined;
      } catch (error) {
        return `s3://${bucket}/${key}: ${describe(error)}`;
      }
    },
    close: () => client.destroy(),
  };
}

function describe(error: unknown): string {
  if (error instanceof S3ServiceException) return `${error.$metadata.httpStatusCode ?? ''} ${error.name}`.trim();
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
