const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Gives a number of bytes for people, with two or three digits: `1.3 GB`. */
export function bytesText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : value.toFixed(0)} ${units[power] ?? ''}`;
}
