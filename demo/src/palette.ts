// The page's colours for canvases: the custom properties of page.css, read where they are needed.

export type Rgb = readonly [number, number, number];

export function cssColour(element: Element, name: string): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

function parseHex(colour: string): Rgb {
  const number = Number.parseInt(colour.slice(1, 7), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** Colours of the severities 0 to 100. */
export function severityPalette(element: Element): readonly string[] {
  const stops = [0, 25, 50, 75, 100].map((severity) =>
    parseHex(cssColour(element, `--severity-${severity}`)),
  );
  return Array.from({ length: 101 }, (_, severity) => {
    const stop = Math.min(3, Math.floor(severity / 25));
    const share = severity / 25 - stop;
    const mixed = stops[stop]!.map((from, i) => from + (stops[stop + 1]![i]! - from) * share);
    return `rgb(${mixed.map(Math.round).join(' ')})`;
  });
}

/** Calls back when the reader's colour scheme changes; returns what ends that. */
export function onSchemeChange(callback: () => void): () => void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', callback);
  return () => {
    dark.removeEventListener('change', callback);
  };
}
