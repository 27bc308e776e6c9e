/** What spreadsheets take for a formula begins with one of these (OWASP, CSV Injection). */
const formula = /^[=+\-@\t\r]/;

/** A name as a CSV field that spreadsheets take for text: with an apostrophe before what they take for a formula. */
export function csvText(name: string): string {
  const text = formula.test(name) ? `'${name}` : name;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
