/** One entry per row. */
export interface TableScores {
  /** -log likelihood of the row on its own, nats; NaN where every metric is missing. */
  readonly anomalyScore: Float64Array;
  /** Short memory of how far the host's scores lie above their typical value. */
  readonly alertScore: Float64Array;
  /** 0-100, on a log scale of how seldom a normal host gets there. */
  readonly severity: Float64Array;
  /** Most probable component; -1 where every metric is missing. */
  readonly state: Int32Array;
}

/** One entry per row. Alert score and severity need history, hence samples. */
export type RowScores = Pick<TableScores, 'anomalyScore' | 'state'>;
