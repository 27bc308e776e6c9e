// What the elements take and tell, without the library that they are made with: these types go with the package.
import type { Alert } from '../alert.js';
import type { Explanation, HostExplanations, Language, SimilarMoment } from '../explanation.js';

/** One host's severity over time. */
export interface Lane {
  readonly host: string;
  /** Epoch seconds, ascending. */
  readonly timestamps: Float64Array;
  /** 0-100, one entry per timestamp; NaN: none. */
  readonly severity: Float64Array;
}

/** A sample of a host. */
export interface Moment {
  readonly host: string;
  /** Epoch seconds. */
  readonly timestamp: number;
}

/** from <= time < to, epoch seconds; null: from the first sample, to the last one. */
export interface Period {
  readonly from: number | null;
  readonly to: number | null;
}

/** By the time spent at high severity, worst first, or by name. */
export type LaneOrder = 'trouble' | 'name';

/** auto follows the reader's colour scheme. */
export type Theme = 'auto' | 'light' | 'dark';

/** Another host's values of the same metric, in the same unit. */
export interface Peer {
  readonly host: string;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/** Another value of a metric, in its unit. */
export interface WhatIf {
  readonly metric: string;
  readonly value: number;
}

export interface CommonProperties {
  /** Attribute `language`. */
  language: Language;
  /** Attribute `theme`. */
  theme: Theme;
}

export interface SwimlaneProperties extends CommonProperties {
  lanes: readonly Lane[];
  from: number | null;
  to: number | null;
  selected: Moment | null;
  alerts: readonly Pick<Alert, 'hosts' | 'startedAt' | 'closedAt' | 'level'>[];
  /** Attribute `order`. */
  order: LaneOrder;
  /** Without the legend, as beside another one. Attribute `compact`. */
  compact: boolean;
}

export interface ExplanationProperties extends CommonProperties {
  explanation: Explanation | null;
  /** What it was before a what-if; values that changed are marked. */
  original: Explanation | null;
  /** The chosen metric. Attribute `selected`. */
  selected: string;
  similar: readonly SimilarMoment[];
  /** No alert: nothing is marked as alarming. Attribute `calm`. */
  calm: boolean;
  /** Observed values can be moved, and missing ones set. Attribute `editable`. */
  editable: boolean;
  /** Metrics shown at first. Attribute `limit`. */
  limit: number;
  /** Level of the sentence's heading, 1-6. Attribute `heading`. */
  heading: number;
  showSentence: boolean;
  /** What to do when there is no explanation. Attribute `hint`. */
  hint: string;
}

export interface MetricChartProperties extends CommonProperties {
  data: HostExplanations | null;
  /** Attribute `metric`. */
  metric: string;
  /** The marked moment, epoch seconds. */
  time: number | null;
  /** A moment pointed at, maybe in another chart. */
  cursor: number | null;
  alerts: readonly Pick<Alert, 'startedAt' | 'closedAt' | 'level'>[];
  peers: readonly Peer[];
  /** A small multiple: a title and the curve. Attribute `compact`. */
  compact: boolean;
}

/** Details of the elements' events, which bubble and cross shadow roots. */
export interface RolemixEvents {
  'rolemix-select': Moment;
  'rolemix-zoom': Period;
  'rolemix-metric': { readonly metric: string };
  'rolemix-what-if': WhatIf;
  'rolemix-reset': null;
  'rolemix-cursor': { readonly timestamp: number | null };
}

declare global {
  // Of elements, documents and windows.
  interface GlobalEventHandlersEventMap {
    'rolemix-select': CustomEvent<Moment>;
    'rolemix-zoom': CustomEvent<Period>;
    'rolemix-metric': CustomEvent<{ readonly metric: string }>;
    'rolemix-what-if': CustomEvent<WhatIf>;
    'rolemix-reset': CustomEvent<null>;
    'rolemix-cursor': CustomEvent<{ readonly timestamp: number | null }>;
  }
}
