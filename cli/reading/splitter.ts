/** One record of a file, not yet understood. */
export interface FileRecord {
  readonly text: string;
  /** The line it begins on, from 1; of the unpacked text when the file is gzip. */
  readonly line: number;
  /** Why the record cannot be whole. */
  readonly problem?: string;
}

/** Cuts text that comes in pieces into records. */
export interface Splitter {
  /** Gives the records that this piece completes. */
  push(text: string): FileRecord[];
  /** Gives what is left when the text has ended. */
  end(): FileRecord[];
}

/** A record is at most so many characters; CloudWatch Logs takes 1 MB, and escaping can multiply that. */
export const maxRecordLength = 16 * 1024 * 1024;
