import { open, type FileHandle } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UnreadableFileError } from '../errors.ts';
import { codeOf, reasonOf } from './list-files.ts';

const chunkBytes = 256 * 1024;

/** A gzip file ends early or is damaged; what came before it was given. */
export class DamagedGzipError extends Error {
  override readonly name = 'DamagedGzipError' as const;
}

/**
 * Gives a file's text piece by piece, unpacked when its first bytes are gzip's. `onBytes` hears how many bytes of the
 * file itself were read. The file is closed when the reader stops early.
 * @throws {UnreadableFileError} when the file cannot be read.
 * @throws {DamagedGzipError} when it is gzip and damaged.
 */
export async function* readText(path: string, onBytes: (count: number) => void = () => undefined): AsyncGenerator<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    yield* decode(file, onBytes);
  } catch (cause) {
    if (isDamage(cause)) throw new DamagedGzipError('the gzip data ends early or is damaged', { cause });
    if (isFileSystemError(cause)) throw new UnreadableFileError(path, reasonOf(cause), { cause });
    throw cause;
  } finally {
    await file?.close();
  }
}

async function* decode(file: FileHandle, onBytes: (count: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const packed = await isGzip(file);
  const bytes = countBytes(file, onBytes);
  for await (const chunk of packed ? unpack(bytes) : bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function isGzip(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(2), position: 0 });
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

async function* countBytes(file: FileHandle, onBytes: (count: number) => void): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.allocUnsafe(chunkBytes), position });
    if (bytesRead === 0) return;
    position += bytesRead;
    onBytes(bytesRead);
    yield buffer.subarray(0, bytesRead);
  }
}

function unpack(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // The error of a failed pipeline also ends the iteration, so the callback has nothing to add.
  return pipeline(Readable.from(bytes, { objectMode: false }), createGunzip({ chunkSize: chunkBytes }), () => undefined);
}

function isDamage(error: unknown): boolean {
  return codeOf(error).startsWith('Z_');
}

function isFileSystemError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}
