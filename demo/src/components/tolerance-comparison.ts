// What a tolerance prevents: the alerts with it and without, side by side.
import { formatValue } from 'rolemix';
import { html, type TemplateResult, type nothing } from 'lit';

import { countedWords, type Counted } from '../counted.js';
import type { PageModel } from '../page-model.js';
import type { Switch } from '../view.js';
import { say } from '../words.js';

export function comparison(model: PageModel): TemplateResult | typeof nothing {
  const { view } = model;
  const { on, off } = model.compared();
  const { language } = view;
  const entry = (tolerance: Switch, counted: Counted | null): TemplateResult =>
    html`<div class=${view.tolerance === tolerance ? 'current' : ''} data-tolerance=${tolerance}>
      <dt>${say(language, tolerance === 'on' ? 'toleranceOn' : 'toleranceOff')}</dt>
      <dd>${counted ? countedWords(language, counted) : '…'}</dd>
    </div>`;
  return html`<div class="comparison">
    <dl>${entry('on', on)} ${entry('off', off)}</dl>
    <p class="details">${toleranceWords(model)}</p>
  </div>`;
}

/** Which metric's tolerance the switch changes, and by how much. */
function toleranceWords(model: PageModel): string {
  const { language } = model.view;
  const loose = new Map(
    model.compared().off?.metrics.map(({ name, tolerance }) => [name, tolerance]) ?? [],
  );
  const changed = model.role.model.info.metrics.filter(
    ({ name, tolerance }) => loose.size > 0 && loose.get(name) !== tolerance,
  );
  const [metric] = changed;
  if (!metric || changed.length > 1) return say(language, 'onOff');
  const { name, unit, tolerance } = metric;
  const little = formatValue(loose.get(name) ?? NaN, unit);
  return say(language, 'toleranceWords', name, formatValue(tolerance, unit), little);
}
