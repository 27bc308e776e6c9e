// What an explanation says beside its table, in words.
import { html, nothing, type TemplateResult } from 'lit';

import type { Explanation, Language, SimilarMoment } from '../explanation.js';
import { formatTime } from '../index.js';
import { rangeText, shareText, valueText } from './format.js';
import type { StateInfo } from './types.js';
import type { Words } from './words.js';

/** A share; what is less likely is not told. */
const leastLikely = 0.01;

type Part = TemplateResult | typeof nothing;

export interface Reasons {
  readonly explanation: Explanation;
  readonly states: readonly StateInfo[] | null;
  readonly similar: readonly SimilarMoment[];
  readonly words: Words;
  readonly language: Language;
  readonly choose: (moment: SimilarMoment) => void;
}

export function reasonList(reasons: Reasons): Part {
  const parts = [
    prediction(reasons),
    ...groups(reasons),
    remedy(reasons),
    firmness(reasons),
    state(reasons),
  ].filter((part) => part !== nothing);
  if (parts.length === 0) return nothing;
  return html`<ul class="reasons">
    ${parts.map((part) => html`<li>${part}</li>`)}
  </ul>`;
}

function groups({ explanation, words }: Reasons): readonly Part[] {
  return explanation.groups
    .filter(({ metrics }) => metrics.length > 1)
    .map(({ metrics }) => html`${words.together(words.listed(metrics))}`);
}

const unitOf = ({ metrics }: Explanation, name: string): string =>
  metrics.find(({ metric }) => metric === name)?.unit ?? '';

function prediction({ explanation, words, language }: Reasons): Part {
  const found = explanation.prediction;
  if (!found || found.predictors.length === 0) return nothing;
  const range = rangeText(found.low, found.high, unitOf(explanation, found.metric), language);
  const say = found.predictors.length === 1 ? words.predictionOfOne : words.prediction;
  return html`${say(words.listed(found.predictors), found.metric, range)}`;
}

function remedy({ explanation, words }: Reasons): Part {
  const { found, exact, metrics } = explanation.wouldBeNormal;
  if (metrics.length === 0) return nothing;
  const value = ({ metric, value: wanted }: { metric: string; value: number }): TemplateResult =>
    html`<li>
      <span class="metric">${metric}</span> ${valueText(wanted, unitOf(explanation, metric))}
    </li>`;
  return html`${found ? words.wouldBeNormal : words.wouldBeNearer}
    <ul class="values">
      ${metrics.map(value)}
    </ul>
    ${found && !exact ? words.notExact : nothing}`;
}

const firmness = ({ explanation, words }: Reasons): Part =>
  explanation.firm === false ? html`${words.notFirm}` : nothing;

function state({ explanation, states, words }: Reasons): Part {
  const { state: index, responsibilities, runnerUp } = explanation;
  if (index < 0) return html`${words.stateUnknown}`;
  // A role's only state is no news.
  if (responsibilities.length === 1) return nothing;
  const name = (of: number): string => {
    const info = states?.[of];
    return info?.name ? info.name : words.stateName(of);
  };
  const weight = states?.[index]?.weight;
  const share = (of: number): string => shareText(responsibilities[of] ?? NaN);
  const known = weight === undefined ? '' : words.weight(shareText(weight));
  const isLikely = runnerUp !== null && responsibilities[runnerUp]! >= leastLikely;
  const next = isLikely ? words.runnerUp(name(runnerUp), share(runnerUp)) : '';
  return html`${words.state(name(index), share(index), known)}${next}`;
}

export function similarList({ similar, words, choose }: Reasons): Part {
  if (similar.length === 0) return nothing;
  return html`<div class="similar">
    <p class="muted" id="similar">${words.similar}</p>
    <ul aria-labelledby="similar">
      ${similar.map(
        (moment) =>
          html`<li>
            <button
              type="button"
              @click=${() => {
                choose(moment);
              }}
            >
              <span class="metric">${moment.host}</span>
              ${formatTime(moment.timestamp)}
              <span class="muted">${words.alike(shareText(moment.similarity))}</span>
            </button>
          </li>`,
      )}
    </ul>
  </div>`;
}
