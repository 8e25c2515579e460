import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { ClientOptions } from './deployment.ts';

/** Writes texts to one bucket, over what was there: unlike segments, the current catalog changes. */
export interface Publisher {
  /** Resolves to why it was not taken, or to nothing when it was; never throws. */
  put(key: string, text: string): Promise<string | undefined>;
  close(): void;
}

export function openPublisher(options: ClientOptions, bucket: string): Publisher {
  const client = new S3Client(options);
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
