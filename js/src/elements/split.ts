/** The text in parts: every second one is a range with its unit, "17-22 %", inside of which no line should break. */
export function splitAtRanges(text: string): string[] {
  return text.split(/(\S*\d-\d\S*(?: (?:%|[KMGTP]?i?B)?(?:\/s)?)?)/);
}
