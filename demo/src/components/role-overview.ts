import type { Alert, Language, SampleId } from 'rolemix';
import type { Lane, Moment } from 'rolemix/elements';
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';

import { byPeriod, emptyLane, type RoleEntry } from '../role-lanes.js';
import type { Role } from '../roles.js';
import { choiceStyles, shared } from '../styles.js';
import { alertCount, say } from '../words.js';

/** moment: of the worst host at the time that was chosen; null: the role's worst one. */
export type RoleChoice = CustomEvent<{
  readonly role: string;
  readonly moment: SampleId | null;
}>;

/** Roles that share a time axis. */
interface Group {
  readonly lanes: readonly Lane[];
  readonly alerts: readonly Pick<Alert, 'hosts' | 'startedAt' | 'closedAt' | 'level'>[];
  /** By the names of the lanes. */
  readonly entryOf: ReadonlyMap<string, RoleEntry>;
}

/** All roles over time, and their names with the number of alerts; `choose-role` says which one is to be shown. */
@customElement('role-overview')
export class RoleOverview extends LitElement {
  static override styles = [
    shared,
    choiceStyles,
    css`
      h2 {
        padding: 0.65rem 0.75rem 0.5rem;
        color: var(--text);
      }

      h2 span {
        font-weight: 400;
        color: var(--muted);
      }

      .body {
        display: grid;
        grid-template-columns: minmax(0, 1.75fr) minmax(0, 1fr);
        max-height: min(70vh, 36rem);
        overflow-y: auto;
      }

      rolemix-swimlane {
        padding: 0 0.75rem 0.6rem;
      }

      /* As high as the lanes. */
      ul {
        height: 0;
        min-height: 100%;
        overflow-y: auto;
        border-left: 1px solid var(--line);
      }

      li {
        border-top: 1px solid var(--line);
      }

      li button {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.75rem;
        padding: 0.3rem 0.75rem;
      }

      .name {
        flex: 1 1 auto;
        min-width: 0;
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      @media (max-width: 1180px) {
        .body {
          grid-template-columns: minmax(0, 1fr);
        }

        ul {
          height: auto;
          max-height: 12rem;
          border-left: 0;
        }
      }
    `,
  ];

  @property({ attribute: false }) entries: readonly RoleEntry[] = [];
  /** The role that is shown, and its time. */
  @property({ attribute: false }) current!: Role;
  @property({ type: Number }) time = NaN;
  @property() language: Language = 'en';
  /** Where the arrow keys have gone, until Enter. */
  @state() private cursor: Moment | null = null;
  #groups: readonly Group[] = [];
  #shown: Moment | null = null;
  #isKey = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = changed.has('entries') || changed.has('language');
    if (isOther) {
      this.#groups = byPeriod(this.entries).map((group) => this.#group(group));
    }
    const isMoved = changed.has('current') || changed.has('time');
    if (isMoved) this.cursor = null;
    if (isMoved || isOther) {
      const entry = this.entries.find(({ role }) => role === this.current);
      this.#shown = entry ? { host: this.#laneName(entry), timestamp: this.time } : null;
    }
  }

  protected override render(): TemplateResult {
    const { language } = this;
    const onAnyKey = {
      handleEvent: () => {
        this.#isKey = true;
      },
      capture: true,
    };
    return html`<section aria-labelledby="title">
      <h2 id="title">${say(language, 'allRoles')} <span>${say(language, 'allRolesHint')}</span></h2>
      <div class="body">
        <div @keydown=${onAnyKey}>
          ${this.#groups.map((group, i) => this.#swimlane(group, i < this.#groups.length - 1))}
        </div>
        <ul>
          ${repeat(
            this.entries,
            ({ role }) => role.name,
            (entry) => this.#button(entry),
          )}
        </ul>
      </div>
    </section>`;
  }

  /** isCompact: the legend is below a later one. */
  #swimlane({ lanes, alerts, entryOf }: Group, isCompact: boolean): TemplateResult {
    const own = (moment: Moment | null): Moment | null =>
      moment && entryOf.has(moment.host) ? moment : null;
    return html`<rolemix-swimlane
      .lanes=${lanes}
      .alerts=${alerts}
      .selected=${own(this.cursor) ?? own(this.#shown)}
      .language=${this.language}
      .compact=${isCompact}
      @rolemix-select=${(event: CustomEvent<Moment>) => {
        event.stopPropagation();
        // Keys only go there: what is shown would change with each of them.
        if (this.#isKey) this.cursor = event.detail;
        else this.#chooseMoment(entryOf, event.detail);
      }}
      @rolemix-zoom=${(event: Event) => {
        event.stopPropagation();
      }}
      @keydown=${(event: KeyboardEvent) => {
        this.#isKey = false;
        const cursor = own(this.cursor);
        if (event.key === 'Enter' && cursor) this.#chooseMoment(entryOf, cursor);
      }}
      @focusout=${() => {
        this.cursor = null;
      }}
    ></rolemix-swimlane>`;
  }

  #button({ role, state, lane }: RoleEntry): TemplateResult {
    const { language } = this;
    const count = lane && alertCount(language, lane.alerts.length);
    return html`<li>
      <button
        type="button"
        aria-current=${role === this.current ? 'true' : nothing}
        @click=${() => {
          this.#choose(role, null);
        }}
      >
        <span class="name">${role.name}</span>
        <span class="muted">
          ${count ?? say(language, state === 'coming' ? 'scoring' : 'notScored')}
        </span>
      </button>
    </li>`;
  }

  #group(entries: readonly RoleEntry[]): Group {
    return {
      lanes: entries.map((entry) => {
        const host = this.#laneName(entry);
        const { lane, role } = entry;
        if (!lane) return emptyLane(host, role.samples.period);
        return { host, timestamps: lane.timestamps, severity: lane.severity };
      }),
      alerts: entries.flatMap(({ lane, role }) =>
        (lane?.alerts ?? []).map(({ startedAt, closedAt, level }) => {
          // On an axis that goes on after the role's last sample, too.
          const end = closedAt ?? role.samples.period.end + role.samples.period.interval;
          return { hosts: [role.name], startedAt, closedAt: end, level };
        }),
      ),
      entryOf: new Map(entries.map((entry) => [this.#laneName(entry), entry])),
    };
  }

  #laneName({ role, state }: RoleEntry): string {
    return state === 'unknown' ? `${role.name} (${say(this.language, 'notScored')})` : role.name;
  }

  #chooseMoment(entryOf: Group['entryOf'], { host, timestamp }: Moment): void {
    const entry = entryOf.get(host);
    if (!entry) return;
    const { role, lane } = entry;
    const row = lane?.rows[lane.timestamps.indexOf(timestamp)];
    const { hosts, timestamps } = role.table;
    const moment = row === undefined ? null : { host: hosts[row]!, timestamp: timestamps[row]! };
    this.#choose(role, moment);
  }

  #choose({ name }: Role, moment: SampleId | null): void {
    const detail = { role: name, moment };
    this.dispatchEvent(new CustomEvent('choose-role', { detail }));
  }
}
