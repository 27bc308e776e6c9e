// How a model does on what is known to have happened: its alerts against the labelled incidents.
import type { Language, ModelInfo } from 'rolemix';

import type { Analysis } from './analysis.js';
import { alertCount, say } from './words.js';

export interface Counted {
  readonly alerts: number;
  readonly caught: number;
  /** 0: none is known. */
  readonly incidents: number;
  readonly wrong: number;
  readonly metrics: ModelInfo['metrics'];
}

export function countedOf(analysis: Analysis): Counted {
  const { alerts, info, incidents, recall } = analysis;
  return {
    alerts: alerts.length,
    caught: recall.caught,
    incidents,
    wrong: recall.falseAlarms,
    metrics: info.metrics,
  };
}

/** "6 alerts: 6 of 6 incidents, no false alarms" */
export function countedWords(language: Language, counted: Counted): string {
  const { caught, incidents, wrong } = counted;
  const alerts = alertCount(language, counted.alerts);
  if (incidents === 0) return alerts;
  const name = wrong === 0 ? 'noFalse' : wrong === 1 ? 'oneFalse' : 'someFalse';
  return say(language, 'counts', alerts, caught, incidents, say(language, name, wrong));
}
