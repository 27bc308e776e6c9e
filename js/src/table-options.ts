import { fieldsOf, textOf, textsOf } from './check.js';

/** How tables are read. */
export interface TableOptions {
  /**
   * Of times in CSV that name no zone: 'Asia/Tokyo', 'UTC', '+09:00', or 'local', the browser's own. Without it
   * such times are errors.
   */
  readonly timezone?: string;
  /** The label of series, or the column of CSV, that names hosts, if another than usual. */
  readonly hostLabel?: string;
  /** Labels of series that are no part of metric names; columns of CSV that are not read. */
  readonly dropLabels?: readonly string[];
}

/** @internal A copy that threads can hand to each other. Errors: invalid_argument. */
export function tableOptionsOf(options: TableOptions): TableOptions {
  const { timezone, hostLabel, dropLabels } = fieldsOf('options', options, {
    timezone: 'string or undefined',
    hostLabel: 'string or undefined',
    dropLabels: 'list or undefined, an object',
  });
  return {
    ...(timezone !== undefined && { timezone }),
    ...(hostLabel !== undefined && { hostLabel: textOf('options.hostLabel', hostLabel) }),
    ...(dropLabels && { dropLabels: textsOf('options.dropLabels', dropLabels) }),
  };
}
