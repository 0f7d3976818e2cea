import type { WriteStream } from 'node:tty';

/** Where a command writes its result, and how. */
export interface Output {
  write(text: string): void;
  /** Whether colours may be used. */
  readonly colour: boolean;
  /** Width of lines in characters. */
  readonly columns: number;
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, magenta: 35, cyan: 36 } as const;
export type Style = keyof typeof codes;

const widest = 110;
const narrowest = 60;

/**
 * Describes a stream as an output: coloured only when it is a terminal, `wanted` is true and neither NO_COLOR nor a
 * dumb terminal speaks against it.
 */
export function outputTo(stream: WriteStream | NodeJS.WriteStream, wanted = true): Output {
  const quiet = Boolean(process.env['NO_COLOR']) || process.env['TERM'] === 'dumb';
  return {
    write: (text) => { stream.write(text); },
    colour: wanted && stream.isTTY && !quiet,
    columns: Math.max(narrowest, Math.min(widest, stream.isTTY ? stream.columns : widest)),
  };
}

/** Gives text in a style when the output has colours, else as it is. */
export function styled(output: Output, style: Style, text: string): string {
  return output.colour ? `\u001b[${String(codes[style])}m${text}\u001b[0m` : text;
}

/** Breaks text into lines of at most `width` characters at spaces; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Writes a count with its noun: `1 finding`, `2,000 findings`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
