// Defines <rolemix-swimlane>, <rolemix-explanation> and <rolemix-metric-chart>. Their types name no library, so that users need none.
import { Explanation } from './explanation.js';
import { MetricChart } from './metric-chart.js';
import { Swimlane } from './swimlane.js';
import type { ExplanationProperties, MetricChartProperties, SwimlaneProperties } from './types.js';

export { splitAtRanges } from './split.js';
export type * from './types.js';

/** Hosts by time, coloured by severity. Events: rolemix-select, rolemix-zoom. */
export interface RolemixSwimlane extends HTMLElement, SwimlaneProperties {}
export const RolemixSwimlane: new () => RolemixSwimlane = Swimlane;

/** One moment: its metrics, most to blame first, and why. Events: rolemix-metric, rolemix-select, rolemix-what-if, rolemix-reset. */
export interface RolemixExplanation extends HTMLElement, ExplanationProperties {}
export const RolemixExplanation: new () => RolemixExplanation = Explanation;

/** One metric of a host over time, and what it should have been. Events: rolemix-select, rolemix-cursor. */
export interface RolemixMetricChart extends HTMLElement, MetricChartProperties {}
export const RolemixMetricChart: new () => RolemixMetricChart = MetricChart;

declare global {
  interface HTMLElementTagNameMap {
    'rolemix-swimlane': RolemixSwimlane;
    'rolemix-explanation': RolemixExplanation;
    'rolemix-metric-chart': RolemixMetricChart;
  }
}

/** Twice on a page, as in two bundles, the first counts; outside of browsers there is nothing to define. */
function define(name: string, element: CustomElementConstructor): void {
  const { customElements: registry } = globalThis as Partial<typeof globalThis>;
  if (registry && !registry.get(name)) registry.define(name, element);
}

define('rolemix-swimlane', RolemixSwimlane);
define('rolemix-explanation', RolemixExplanation);
define('rolemix-metric-chart', RolemixMetricChart);
