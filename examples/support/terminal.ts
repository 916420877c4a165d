// Colour only where it is wanted: a terminal, and no NO_COLOR (https://no-color.org).
const coloured = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
const paint = (code: number) => (text: string): string => (coloured ? `\u001B[${code}m${text}\u001B[0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
const cyan = paint(36);

export function title(text: string): void {
  console.log(`\n${bold(cyan(text))}`);
}

/** One fact under what it belongs to, the names in a column. */
export function fact(name: string, value: string): void {
  console.log(`  ${dim(name.padEnd(10))} ${value}`);
}
