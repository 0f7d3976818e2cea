import { LineSplitter } from './line-splitter.ts';
import { ObjectSplitter } from './object-splitter.ts';
import type { FileRecord, Splitter } from './splitter.ts';

/** How a JSON document begins that holds log events in an array: output of the AWS command line or a subscription's delivery. */
const documentStart = /^\s*\{\s*"(events|searchedLogStreams|nextToken|nextForwardToken|messageType|owner|logGroup|logEvents)"/;
const enoughToTell = 200;

/** Cuts a file's text into records: the objects in its arrays when it is a document of log events, else its lines. */
export async function* readRecords(pieces: AsyncIterable<string>): AsyncGenerator<FileRecord[]> {
  let head = '';
  let splitter: Splitter | undefined;
  for await (const piece of pieces) {
    if (splitter) {
      yield splitter.push(piece);
      continue;
    }
    head += piece;
    if (head.length < enoughToTell) continue;
    splitter = splitterFor(head);
    yield splitter.push(head);
  }
  if (!splitter) {
    splitter = splitterFor(head);
    yield splitter.push(head);
  }
  yield splitter.end();
}

/** Whether text begins as a JSON document that holds log events in an array does. */
export function isDocument(head: string): boolean {
  return documentStart.test(head);
}

function splitterFor(head: string): Splitter {
  return isDocument(head) ? new ObjectSplitter() : new LineSplitter();
}
