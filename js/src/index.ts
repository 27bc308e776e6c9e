export { alertSentence, type Alert } from './alert.js';
export { RolemixError, type ErrorCode } from './error.js';
export type {
  AlertExplanation,
  AlertSpan,
  Direction,
  Explanation,
  HostExplanations,
  JointEllipse,
  Language,
  LanguageOption,
  MetricColumns,
  MetricExplanation,
  MetricGroup,
  Prediction,
  Reason,
  Remedy,
  RowExplanations,
  SimilarMoment,
  SpanMetric,
} from './explanation.js';
export {
  formatRange,
  formatTime,
  formatValue,
  returnTimeOfSeverity,
  severityOfReturnTime,
} from './format.js';
export type { CalibrationInfo, MetricInfo, ModelInfo, Provenance, StateInfo } from './info.js';
export type { Numbers } from './memory.js';
export type { ModuleOptions } from './module.js';
export type { Notice } from './notice.js';
export { RoleModel, type ModelEdits, type OpenOptions } from './role-model.js';
export type {
  HostSeverities,
  Period,
  Price,
  SampleId,
  Samples,
  ScoreOptions,
  Values,
} from './samples.js';
export type { RowScores, TableScores } from './score.js';
export type { AlertOptions, AlertSettings, Sensitivity } from './settings.js';
export { readBytes, type Source } from './source.js';
export type { ParsedTable, SampleTable } from './table.js';
export { levelOf, vocabulary, type Level, type Vocabulary } from './vocabulary.js';
