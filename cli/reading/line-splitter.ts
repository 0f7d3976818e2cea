import { maxRecordLength, type FileRecord, type Splitter } from './splitter.ts';

/** Cuts text into its lines, without blank ones. */
export class LineSplitter implements Splitter {
  #rest = '';
  #line = 1;
  #skipping = false;

  /** @inheritdoc */
  push(text: string): FileRecord[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const records: FileRecord[] = [];
    for (const line of lines) {
      if (!this.#skipping && line.trim() !== '') records.push({ text: line, line: this.#line });
      this.#skipping = false;
      this.#line += 1;
    }
    if (this.#rest.length > maxRecordLength) records.push(...this.#giveUpLine());
    return records;
  }

  /** @inheritdoc */
  end(): FileRecord[] {
    return this.#skipping || this.#rest.trim() === '' ? [] : [{ text: this.#rest, line: this.#line }];
  }

  /** A line without end must not fill the memory. */
  #giveUpLine(): FileRecord[] {
    this.#rest = '';
    if (this.#skipping) return [];
    this.#skipping = true;
    return [{ text: '', line: this.#line, problem: 'the line is too long for a log record' }];
  }
}
