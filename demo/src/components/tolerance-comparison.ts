// What a tolerance prevents: the alerts with it and without, side by side.
import { formatValue, type Language } from 'rolemix';
import { html, type TemplateResult } from 'lit';

import { countedWords, type Counted } from '../counted.js';
import { roleOf, type Compared, type PageState } from '../page-state.js';
import type { Switch } from '../view.js';
import { say } from '../words.js';

export function comparison(state: PageState): TemplateResult {
  const { language, tolerance } = state.view;
  const compared = state.compared?.role === roleOf(state) ? state.compared : null;
  const entry = (at: Switch, counted: Counted | undefined): TemplateResult =>
    html`<div class=${tolerance === at ? 'current' : ''} data-tolerance=${at}>
      <dt>${say(language, at === 'on' ? 'toleranceOn' : 'toleranceOff')}</dt>
      <dd>${counted ? countedWords(language, counted) : '…'}</dd>
    </div>`;
  return html`<div class="comparison">
    <dl>${entry('on', compared?.on)} ${entry('off', compared?.off)}</dl>
    <p class="details">${toleranceWords(language, compared)}</p>
  </div>`;
}

/** Which metric's tolerance the switch changes, and by how much. */
function toleranceWords(language: Language, compared: Compared | null): string {
  const loose = new Map(compared?.off.metrics.map(({ name, tolerance }) => [name, tolerance]));
  const changed =
    compared?.on.metrics.filter(({ name, tolerance }) => loose.get(name) !== tolerance) ?? [];
  const [metric] = changed;
  if (!metric || changed.length > 1) return say(language, 'onOff');
  const { name, unit, tolerance } = metric;
  const little = formatValue(loose.get(name) ?? NaN, unit);
  return say(language, 'toleranceWords', name, formatValue(tolerance, unit), little);
}
