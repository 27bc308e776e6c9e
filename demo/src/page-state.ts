// The state of the page as one value, and what follows from it.
import type { AlertExplanation, AlertSettings, Notice, SimilarMoment } from 'rolemix';

import type { Analysis, Prices } from './analysis.js';
import type { Counted } from './counted.js';
import type { Problem } from './problems.js';
import type { RoleEntry } from './role-lanes.js';
import type { Role } from './roles.js';
import type { SceneId } from './sample.js';
import type { Moved, Shown } from './shown.js';
import type { Edits, Switch, View } from './view.js';
import { say } from './words.js';

/** A wish for scores. Results come with the wish that they are for: what is for another one than the last is too late. */
export interface Asked {
  readonly role: Role;
  readonly tolerance: Switch;
  readonly edits: Edits;
  /** Whether a hand is moving, which what takes longer than scores waits for. */
  readonly moving: boolean;
}

/** What comes after the first drawing. */
export interface Later {
  readonly similar: readonly SimilarMoment[];
  readonly why: AlertExplanation | null;
}

/** The role with its tolerances and without, everything else as trained. */
export interface Compared {
  readonly role: Role;
  readonly on: Counted;
  readonly off: Counted;
}

export type Section = 'settings' | 'curves' | 'verdicts' | 'data';

export interface PageState {
  readonly roles: readonly Role[];
  readonly view: View;
  /** written: the address says the view, or what led to it; push: it is to be said by a new entry in the history. */
  readonly address: 'written' | 'replace' | 'push';
  readonly open: ReadonlySet<Section>;
  readonly asked: Asked | null;
  /** What `analysis` is for; another one than `asked` while scores are computed. */
  readonly answered: Asked | null;
  /** Share of the samples that are scored; null: none is being scored, or it takes no time. */
  readonly scoring: number | null;
  /** Ahead of what `shown` came from while a hand is moving. */
  readonly analysis: Analysis | null;
  /** Milliseconds until the analysis is completed and explains the moment; null: it is, and does. */
  readonly settlesIn: number | null;
  /** The last moment that was explained. */
  readonly shown: Shown | null;
  /** The view that `shown` came from. */
  readonly good: View | null;
  /** Of `shown`; null: not known yet. */
  readonly later: Later | null;
  /** Sentences by alertId; those from before until there are others. */
  readonly told: ReadonlyMap<string, string>;
  /** By `analysis`, as far as they are known. */
  readonly prices: Prices | null;
  readonly moved: Moved;
  /** Of all roles, by trouble. */
  readonly lanes: readonly RoleEntry[];
  readonly compared: Compared | null;
  /** Why the last wish could not be met; what was shown before still is. */
  readonly problem: Problem | null;
}

/** The role that is named; the first one where there is none of this name. */
export function roleNamed(roles: readonly Role[], named: string | null): Role {
  return roles.find(({ name }) => name === named) ?? roles[0]!;
}

export function roleOf({ roles, view }: PageState): Role {
  return roleNamed(roles, view.role);
}

/** The last analysis, where it is one of the role that is wished for. */
export function analysisOf(state: PageState): Analysis | null {
  return state.analysis?.role === roleOf(state) ? state.analysis : null;
}

/** The moment of the role that is wished for; null: none is explained yet. */
export function shownOf(state: PageState): Shown | null {
  return state.shown?.analysis.role === roleOf(state) ? state.shown : null;
}

export function settingsOf(state: PageState): AlertSettings {
  return { ...roleOf(state).model.info.alertSettings, ...state.view.settings };
}

/** null: the worst moment; undefined: a moment that was chosen otherwise. */
export function activeScene(state: PageState): SceneId | null | undefined {
  const { view } = state;
  if (view.scene) return view.scene;
  const worst = analysisOf(state)?.worstMoment();
  const isWorst = view.host === worst?.host && view.time === worst.timestamp;
  return isWorst && view.tolerance === 'on' ? null : undefined;
}

/** Of the samples that are shown; that the model is not ready is said with each moment. */
export function noticesOf(state: PageState): readonly Notice[] {
  const scored = analysisOf(state)?.scored;
  return scored?.notices.filter(({ code }) => code !== 'model_not_ready') ?? [];
}

/** As a line of text: after file and line. */
export function messageOf({ text, file, line }: Notice): string {
  if (file === null) return text;
  return `${file}${line === null ? '' : `:${line}`}: ${text}`;
}

/** "Scoring: 40 %" */
export function scoringWords({ scoring, view }: PageState): string {
  const { language } = view;
  if (scoring === null) return '';
  const percent = Math.round(100 * scoring);
  return percent > 0 ? say(language, 'scoringShare', percent) : say(language, 'scoring');
}
