import type { AlertSettings } from './settings.js';

/** One metric of a role. */
export interface MetricInfo {
  readonly name: string;
  /** percent, bytes, bytes/s, 1/s, seconds, ...; empty when not known. */
  readonly unit: string;
  /** The largest possible value, in the unit; null when not known. */
  readonly fullScale: number | null;
  /** A move this small is never news; in the unit. */
  readonly tolerance: number;
  readonly toleranceSource: string;
  readonly transform: 'identity' | 'log1p' | 'logit';
  readonly detectionDirection: 'both' | 'above' | 'below';
  /** host: measured from the host's own median of the last day. */
  readonly center: 'none' | 'host';
  /** Central 95 % range of the metric on its own, in the unit; of a host at the role's level. */
  readonly typicalLow: number;
  readonly typicalHigh: number;
}

/** What training learned about the scores of normal hosts. */
export interface CalibrationInfo {
  /** False: severity is not to be trusted, and alerts never open. */
  readonly ready: boolean;
  /** What is missing; empty when ready. */
  readonly notReadyReason: string;
  /** Held-out time behind the numbers. */
  readonly spanHostDays: number;
  /** Median anomaly score, nats. */
  readonly typicalScore: number;
  /** Time constant of the alert score's memory. */
  readonly memorySeconds: number;
  /** Usual time between two samples of a host. */
  readonly intervalSeconds: number;
}

/** A state of the role, which is a component of its mixture. */
export interface StateInfo {
  /** Its share of the role's samples; those of all states sum to 1. */
  readonly weight: number;
}

/** Where a model came from. */
export interface Provenance {
  /** Of rolemix. */
  readonly version: string;
  /** Of the configuration, hexadecimal; empty without one. */
  readonly configDigest: string;
  /** First and last sample, epoch seconds. */
  readonly from: number;
  readonly to: number;
  /** Samples used. */
  readonly rows: number;
  readonly hosts: number;
  /** Decimal digits: a seed can be larger than the integers that a number holds exactly. */
  readonly seed: string;
}

/** What is known of a model without data. */
export interface ModelInfo {
  /** service:role */
  readonly role: string;
  /** Digest of the model file. */
  readonly modelId: string;
  readonly metrics: readonly MetricInfo[];
  /** Most usual first. */
  readonly components: readonly StateInfo[];
  readonly calibration: CalibrationInfo;
  /** Defaults for this role's alerts. */
  readonly alertSettings: AlertSettings;
  readonly provenance: Provenance;
}
