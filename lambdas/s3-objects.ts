import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Reads an object of S3 whole. */
export type ReadObject = (bucketName: string, key: string) => Promise<Uint8Array>;

/** Reads objects with a client. */
export function s3Reader(client: S3Client): ReadObject {
  return async (Bucket, Key) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };
}
