// What a state of the page still lacks, and when it is time for it.
import type { Analysis } from './analysis.js';
import { roleOf, shownOf, type PageState } from './page-state.js';
import type { Role } from './roles.js';
import type { Wanted } from './schedule.js';
import type { Shown } from './shown.js';
import type { View } from './view.js';

const addressDelay = 200; // ms: browsers refuse an address that changes with every move of a pointer
const afterDrawing = 30; // ms, for what was asked for to be on the screen first
const afterOthers = 100; // ms, for what is more urgent than roles that nobody asked for
const allPrices = 16; // of three sensitivities for each of two levels, and of ten attempts

interface Task<Kind extends string, Of extends object> extends Wanted {
  readonly kind: Kind;
  readonly of: Of;
}

export type Work =
  /** To write the view into the address. */
  | Task<'address', View>
  /** To complete the analysis, now that the hand rests. */
  | Task<'settle', Analysis>
  /** To find moments alike, and to tell the alert's story. */
  | Task<'explain', Shown>
  /** To say what alerts are about. */
  | Task<'tell', Analysis>
  /** To compute what settings would cost. */
  | Task<'price', Analysis>
  /** To count alerts with tolerances and without. */
  | Task<'compare', Role>
  /** To find the lane of a role. */
  | Task<'lane', Role>;

export function workOf(state: PageState): readonly Work[] {
  const { analysis, view, settlesIn } = state;
  const work: Work[] = [];
  if (state.address === 'replace') work.push({ kind: 'address', of: view, after: addressDelay });
  const shown = shownOf(state);
  // What is being scored comes first.
  if (!analysis || !shown || state.asked !== state.answered) return work;
  if (settlesIn !== null) return [...work, { kind: 'settle', of: analysis, after: settlesIn }];
  if (!state.later) work.push({ kind: 'explain', of: shown, after: afterDrawing });
  if (!analysis.explained) work.push({ kind: 'tell', of: analysis, after: afterDrawing });
  if (state.open.has('settings') && !hasPrices(state)) {
    work.push({ kind: 'price', of: analysis, after: 0 });
  }
  const role = roleOf(state);
  if (view.scene === 'memory-step' && state.compared?.role !== role) {
    work.push({ kind: 'compare', of: role, after: 0 });
  }
  const next = nextRole(state);
  if (next) work.push({ kind: 'lane', of: next, after: afterOthers, idle: true });
  return work;
}

function hasPrices({ prices }: PageState): boolean {
  if (!prices) return false;
  const { warning, critical, attempts } = prices;
  return warning.length + critical.length + attempts.length === allPrices;
}

/** Whose lane is found next; of a single role none is shown. */
function nextRole({ roles, lanes }: PageState): Role | undefined {
  if (roles.length === 1) return undefined;
  const coming = new Set(lanes.filter((entry) => entry.state === 'coming').map(({ role }) => role));
  return roles.find((role) => coming.has(role));
}
