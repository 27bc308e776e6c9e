// What happens on the page, and the one function that changes its state. It draws nothing and waits for nothing.
import type { Language, SampleId } from 'rolemix';

import { Analysis, withSensitivity, type Prices } from './analysis.js';
import { analysisOf, roleNamed, roleOf, shownOf } from './page-state.js';
import type { Asked, Compared, Later, PageState, Section } from './page-state.js';
import { faultOf, type Problem } from './problems.js';
import { entryOf, sortedEntries, type RoleEntry, type RoleLane } from './role-lanes.js';
import type { Role } from './roles.js';
import type { SceneId } from './sample.js';
import type { Scored } from './scoring.js';
import { show, type Shown } from './shown.js';
import { fromHash, isPlain, noEdits, roleOfHash, type View } from './view.js';

const settled = 150; // ms after the last move of a pointer, when what takes longer is computed
const mostExplained = 20_000; // rows whose alerts are explained before the first drawing, and that are scored without being shown

export type PageEvent =
  // What people do.
  | { readonly type: 'rolesChanged'; readonly roles: readonly Role[] }
  | { readonly type: 'addressRead'; readonly hash: string; readonly language: Language }
  | { readonly type: 'viewChanged'; readonly change: Partial<View>; readonly newEntry: boolean }
  | { readonly type: 'sceneChosen'; readonly scene: SceneId | null }
  | { readonly type: 'roleChosen'; readonly name: string; readonly moment: SampleId | null }
  | { readonly type: 'valueMoved'; readonly metric: string; readonly value: number }
  | { readonly type: 'valuesReset' }
  | { readonly type: 'sectionToggled'; readonly section: Section; readonly isOpen: boolean }
  // What comes of work; each names what it is for.
  | { readonly type: 'addressWritten'; readonly view: View }
  | { readonly type: 'progressed'; readonly asked: Asked; readonly share: number }
  | { readonly type: 'scored'; readonly asked: Asked; readonly scored: Scored }
  | { readonly type: 'failed'; readonly asked: Asked | null; readonly error: unknown }
  | { readonly type: 'settled'; readonly analysis: Analysis }
  | { readonly type: 'explained'; readonly shown: Shown; readonly later: Later }
  | {
      readonly type: 'told';
      readonly analysis: Analysis;
      readonly alertId: string;
      readonly sentence: string;
    }
  | { readonly type: 'priced'; readonly analysis: Analysis; readonly prices: Prices }
  | { readonly type: 'compared'; readonly compared: Compared }
  | { readonly type: 'laneFound'; readonly role: Role; readonly lane: RoleLane | null };

export function firstState(roles: readonly Role[], language: Language): PageState {
  return {
    roles,
    view: viewOf(roles[0]!, '', language),
    address: 'written',
    open: new Set(),
    asked: null,
    answered: null,
    scoring: null,
    analysis: null,
    settlesIn: null,
    shown: null,
    good: null,
    later: null,
    told: new Map(),
    prices: null,
    moved: {},
    lanes: roles.map((role) => entryOf(role, isSmall(role))),
    compared: null,
    problem: null,
  };
}

export function update(state: PageState, event: PageEvent): PageState {
  switch (event.type) {
    case 'rolesChanged':
      return withRoles(state, event.roles);
    case 'addressRead':
      return withAddress(state, event.hash, event.language);
    case 'viewChanged':
      return withChange(state, event.change, event.newEntry);
    case 'sceneChosen':
      return withScene(state, event.scene);
    case 'roleChosen':
      return withRole(state, event.name, event.moment);
    case 'valueMoved':
      return explained({ ...state, moved: { ...state.moved, [event.metric]: event.value } });
    case 'valuesReset':
      return explained({ ...state, moved: {} });
    case 'sectionToggled': {
      const others = [...state.open].filter((section) => section !== event.section);
      return { ...state, open: new Set(event.isOpen ? [...others, event.section] : others) };
    }
    case 'addressWritten':
      return event.view === state.view ? { ...state, address: 'written' } : state;
    case 'progressed':
      return event.asked === state.asked ? { ...state, scoring: event.share } : state;
    case 'scored':
      return event.asked === state.asked ? withScores(state, event.asked, event.scored) : state;
    case 'failed':
      return withFailure(state, event.asked, event.error);
    case 'settled':
      return event.analysis === state.analysis ? completed(state, event.analysis) : state;
    case 'explained':
      return event.shown === state.shown ? { ...state, later: event.later } : state;
    case 'told': {
      if (event.analysis !== state.analysis) return state;
      return { ...state, told: new Map([...state.told, [event.alertId, event.sentence]]) };
    }
    case 'priced':
      return event.analysis === state.analysis ? { ...state, prices: event.prices } : state;
    case 'compared':
      return { ...state, compared: event.compared };
    case 'laneFound': {
      const { role, lane } = event;
      // What failed would fail again.
      return withEntry(state, { role, lane, state: lane ? 'known' : 'unknown' });
    }
  }
}

/** What was computed for a role that is gone goes with it; another one in its place is shown as it was trained. */
function withRoles(before: PageState, roles: readonly Role[]): PageState {
  const known = (role: Role): RoleEntry | undefined =>
    before.lanes.find((entry) => entry.role === role);
  const lanes = roles.map((role) => known(role) ?? entryOf(role, isSmall(role)));
  const isLost = before.answered !== null && !roles.includes(before.answered.role);
  const nothing = { answered: null, analysis: null, settlesIn: null, shown: null, good: null };
  const lost = isLost ? { ...nothing, later: null, prices: null } : {};
  const state: PageState = { ...before, ...lost, roles, lanes: sortedEntries(roles, lanes) };
  const role = roleOf(state);
  const isSame = role === roleOf(before);
  return isSame ? state : wished(state, viewOf(role, '', before.view.language));
}

function withAddress(before: PageState, hash: string, language: Language): PageState {
  const named = roleOfHash(hash);
  const role = roleNamed(before.roles, named);
  const state = wished(before, viewOf(role, hash, language));
  const isOther = named && named !== role.name;
  const problem: Problem | null = isOther ? { text: 'roleNotLoaded', parts: [named] } : null;
  return { ...state, address: 'written', problem };
}

function withChange(before: PageState, change: Partial<View>, newEntry: boolean): PageState {
  const state = wished(before, { ...before.view, ...change });
  const { view } = state;
  const { zoom, time } = view;
  // What is chosen comes into sight.
  const isOutside = zoom && 'time' in change && !(time >= zoom.from && time <= zoom.to);
  return {
    ...state,
    view: isOutside ? { ...view, zoom: null } : view,
    address: newEntry ? 'push' : 'replace',
  };
}

/** null: the worst moment. */
function withScene(state: PageState, scene: SceneId | null): PageState {
  const moment = roleOf(state).scenes.find(({ id }) => id === scene);
  const { host, timestamp: time, metric } = moment ?? { host: '', timestamp: NaN, metric: null };
  return withChange(state, { scene, tolerance: 'on', host, time, metric }, true);
}

/** Another role as it was trained; null: at its worst moment. Of the role that is shown only the moment changes. */
function withRole(state: PageState, role: string, moment: SampleId | null): PageState {
  const { host, timestamp: time } = moment ?? { host: '', timestamp: NaN };
  const change = { role, scene: null, metric: null, host, time };
  if (role === roleOf(state).name) return withChange(state, change, false);
  return withChange(state, { ...change, zoom: null, settings: {}, edits: noEdits }, true);
}

/** Another view: scores are asked for where it needs others, everything else follows at once. */
function wished(before: PageState, view: View): PageState {
  const role = roleNamed(before.roles, view.role);
  const { tolerance, edits } = view;
  const { host, time } = before.view;
  const isMoment = host === view.host && time === view.time && before.asked?.role === role;
  const unmuted = Object.entries(isMoment ? before.moved : {}).filter(
    ([metric]) => !edits.muted.includes(metric),
  );
  const state = { ...before, view, moved: Object.fromEntries(unmuted), problem: null };
  // Only edits change while a hand moves.
  const moving = before.asked?.role === role && before.asked.tolerance === tolerance;
  if (moving && isSame(before.asked.edits, edits)) return refreshed(state);
  return { ...state, asked: { role, tolerance, edits, moving } };
}

/** The analysis by the view's settings and in its language, and the moment by it. */
function refreshed(state: PageState): PageState {
  const { view } = state;
  const analysis = analysisOf(state);
  if (!analysis) return state;
  const isOld = analysis.language !== view.language || !isSame(analysis.settings, view.settings);
  return isOld ? analysed(state, analysis.scored, false) : explained(state);
}

function withScores(before: PageState, asked: Asked, scored: Scored): PageState {
  // After scores that took time the address has more to say.
  const address = before.scoring === null ? before.address : 'replace';
  const state: PageState = { ...before, scoring: null, answered: asked, address };
  const entry = before.lanes.find(({ role }) => role === asked.role);
  const isComing = isTrained(asked) && entry?.state === 'unknown';
  const withLane = isComing ? withEntry(state, { ...entry, state: 'coming' }) : state;
  return analysed(withLane, scored, asked.moving);
}

/** Says what went wrong, and goes back to what could be shown. */
function withFailure(before: PageState, asked: Asked | null, error: unknown): PageState {
  if (asked === null) return { ...before, problem: faultOf('score', error) };
  if (asked !== before.asked) return before;
  const { answered, good } = before;
  const isEdit = answered ? answered.role === asked.role : !isTrained(asked);
  const problem = faultOf(isEdit ? 'edit' : 'score', error);
  const address = before.address === 'push' ? 'push' : 'replace';
  const state: PageState = { ...before, scoring: null, asked: answered, address };
  if (!answered || !good) {
    // Before anything was shown: the role as it was trained.
    const trained: View = { ...before.view, tolerance: 'on', edits: noEdits };
    return { ...(isEdit ? wished(state, trained) : state), problem };
  }
  const { tolerance, edits } = answered;
  const { language } = before.view;
  const view = { ...(isEdit ? before.view : good), tolerance, edits, language };
  return { ...refreshed({ ...state, view }), problem };
}

/** What takes long waits where hands are at work, or there is much of it. */
function analysed(before: PageState, scored: Scored, moving: boolean): PageState {
  const role = roleOf(before);
  const { settings, language } = before.view;
  const waits = moving || !isSmall(role);
  const analysis = new Analysis(role, scored, settings, language, !waits);
  const settlesIn = moving ? settled : waits ? 0 : null;
  const told = waits ? before.told : analysis.sentenceOf;
  const state = { ...before, analysis, settlesIn, told, prices: null };
  const shown = moving ? shownOf(before) : null;
  if (!shown) return explained(state);
  const { host, timestamp } = shown.sample;
  return { ...state, shown: { ...shown, alert: analysis.alertAt(host, timestamp) } };
}

function completed(state: PageState, before: Analysis): PageState {
  const analysis = before.complete();
  const told = analysis.sentenceOf;
  return explained({ ...state, analysis, settlesIn: null, told, prices: null });
}

/** The moment of the view as the analysis explains it. */
function explained(state: PageState): PageState {
  const { view, moved, shown: before } = state;
  const analysis = analysisOf(state);
  if (!analysis) return state;
  const shown = show(analysis, view, moved, state.told, before);
  const { host, timestamp: time } = shown.sample;
  const good = view.host === host && view.time === time ? view : { ...view, host, time };
  const isKnown = before?.analysis === analysis && before.sample === shown.sample;
  return { ...state, shown, view: good, good, later: isKnown ? state.later : null };
}

function withEntry(state: PageState, entry: RoleEntry): PageState {
  const lanes = state.lanes.map((other) => (other.role === entry.role ? entry : other));
  return { ...state, lanes: sortedEntries(state.roles, lanes) };
}

function isTrained({ tolerance, edits }: Asked): boolean {
  return tolerance === 'on' && isPlain(edits);
}

function isSmall({ table }: Role): boolean {
  return table.timestamps.length <= mostExplained;
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What the address says of the role; as it was trained, at its worst moment, where it says nothing. */
function viewOf(role: Role, hash: string, language: Language): View {
  const { alertSettings, metrics } = role.model.info;
  const said = fromHash(hash, {
    hosts: role.samples.hosts,
    metrics: metrics.map(({ name }) => name),
    scenes: role.scenes.map(({ id }) => id),
  });
  const scene = role.scenes.find(({ id }) => id === said.scene);
  const settings = { ...alertSettings, ...said.settings };
  const isSet = Object.keys(said.settings ?? {}).length > 0;
  return {
    role: role.name,
    scene: null,
    host: scene?.host ?? '',
    time: scene?.timestamp ?? NaN,
    zoom: null,
    metric: scene?.metric ?? null,
    tolerance: 'on',
    edits: noEdits,
    language,
    ...said,
    // Critical alerts cannot be the more sensitive ones.
    settings: isSet
      ? withSensitivity(settings, 'criticalSensitivity', settings.criticalSensitivity)
      : {},
  };
}
