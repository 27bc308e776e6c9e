import type { View } from './view.js';

/** Asks for another view: bubbles from any element up to the console. */
export type ViewChange = CustomEvent<Partial<View>>;

export function askFor(element: HTMLElement, change: Partial<View>): void {
  element.dispatchEvent(
    new CustomEvent('view-change', { detail: change, bubbles: true, composed: true }),
  );
}
