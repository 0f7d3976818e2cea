import { maxRecordLength, type FileRecord, type Splitter } from './splitter.ts';

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const openers = new Set([0x5b, 0x7b]);
const closers = new Set([0x5d, 0x7d]);

/** The depth outside the wanted objects: within the document's object and one of its arrays. */
const arrayDepth = 2;

/**
 * Cuts JSON documents that may be larger than memory into the objects that stand in arrays of the outermost object,
 * such as `{"events": [{…}, {…}]}`. Documents may follow each other.
 */
export class ObjectSplitter implements Splitter {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #line = 1;
  #startLine = 1;
  /** What came of an unfinished object in earlier pieces. */
  #begun = '';
  #broken = false;

  /** @inheritdoc */
  push(text: string): FileRecord[] {
    const records: FileRecord[] = [];
    if (this.#broken) return records;
    let start = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === newline) this.#line += 1;
      if (this.#inString) this.#stepInString(code);
      else if (code === quote) this.#inString = true;
      else if (openers.has(code) && ++this.#depth === arrayDepth + 1) {
        start = index;
        this.#startLine = this.#line;
      } else if (closers.has(code) && --this.#depth === arrayDepth) {
        records.push({ text: this.#begun + text.slice(start, index + 1), line: this.#startLine });
        this.#begun = '';
      }
    }
    if (this.#depth > arrayDepth) this.#begun += text.slice(start);
    if (this.#begun.length > maxRecordLength) records.push(this.#giveUp('an event in it does not end'));
    return records;
  }

  /** @inheritdoc */
  end(): FileRecord[] {
    return this.#depth === 0 || this.#broken ? [] : [this.#giveUp('the file ends within its JSON document')];
  }

  #stepInString(code: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === backslash) this.#escaped = true;
    else if (code === quote) this.#inString = false;
  }

  /** Without knowing where strings begin, nothing after this can be told apart. */
  #giveUp(problem: string): FileRecord {
    this.#broken = true;
    const line = this.#depth > arrayDepth ? this.#startLine : this.#line;
    this.#begun = '';
    return { text: '', line, problem };
  }
}
