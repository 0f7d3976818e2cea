import { styled, type Output } from './terminal.ts';

const barWidth = 30;
const millisecondsBetween = 100;
const clearLine = '\r\u001b[K';

/** Shows on a terminal how far a long command has come; anywhere else it shows nothing. */
export class Progress {
  readonly #output: Output;
  readonly #shown: boolean;
  #drawnAt = 0;

  constructor(stream: NodeJS.WriteStream, output: Output) {
    this.#output = output;
    this.#shown = stream.isTTY && process.env['TERM'] !== 'dumb';
  }

  /** Draws the bar at a fraction from 0 to 1 with a few words, at most ten times a second. */
  show(fraction: number, words: string): void {
    const now = performance.now();
    if (!this.#shown || now - this.#drawnAt < millisecondsBetween) return;
    this.#drawnAt = now;
    const part = Math.min(1, Math.max(0, fraction));
    const filled = Math.round(part * barWidth);
    const bar = styled(this.#output, 'cyan', '━'.repeat(filled)) + styled(this.#output, 'dim', '━'.repeat(barWidth - filled));
    this.#output.write(`${clearLine}${bar} ${String(Math.floor(part * 100)).padStart(3)} % ${words}`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#shown && this.#drawnAt > 0) this.#output.write(clearLine);
  }
}
