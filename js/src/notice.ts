import { checkArray, fieldsOf } from './check.js';

/** What was found in the samples, or done with them, that people should know; null where it does not apply. */
export interface Notice {
  /**
   * Which kind: of reading name_not_utf8, name_too_long, times_without_zone, times_twice, times_skipped, host_by_file,
   * index_left_out, answer_warning, answer_partial, host_by_label, labels_left_out, rows_joined; of samples model_not_ready, samples_far_apart, metrics_missing, metrics_missing_on_hosts, hosts_blind,
   * rows_repeated, samples_passed_over, time_not_believed.
   */
  readonly code: string;
  readonly text: string;
  readonly file: string | null;
  /** Of the file, from 1. */
  readonly line: number | null;
  readonly host: string | null;
  readonly metric: string | null;
}

const types = {
  code: 'string',
  text: 'string',
  file: 'string or null',
  line: 'number or null',
  host: 'string or null',
  metric: 'string or null',
};

/** A copy, read once. Errors: invalid_argument. */
export function noticesOf(notices: readonly Notice[]): Notice[] {
  checkArray('notices', 'an array of notices', notices);
  return Array.from(notices, (notice, i) => fieldsOf(`notices[${i}]`, notice, types));
}

/** What is so in file after file, and leaves nothing out. */
const usual = ['times_without_zone', 'host_by_file', 'index_left_out'];

/** What is so in several files is said of the first. As say_once of src/source/files.cpp. */
export function saidOnce(notices: readonly Notice[]): Notice[] {
  const counts = new Map<string, number>();
  const keyOf = ({ code, text }: Notice): string => `${code} ${text}`;
  const kept = notices.filter((notice) => {
    if (!usual.includes(notice.code)) return true;
    const count = counts.get(keyOf(notice)) ?? 0;
    counts.set(keyOf(notice), count + 1);
    return count === 0;
  });
  return kept.map((notice) => {
    const more = (counts.get(keyOf(notice)) ?? 1) - 1;
    if (more === 0) return notice;
    return { ...notice, text: `${notice.text}; so in ${more} more file${more === 1 ? '' : 's'}` };
  });
}
