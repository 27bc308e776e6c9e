import { css } from 'lit';

export const explanationStyles = css`
  :host {
    container-type: inline-size;
  }

  .sentence {
    padding: 0.6rem 0.75rem;
    font-size: 1.0625rem;
    font-weight: 600;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .changed {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.25rem 1rem;
    padding: 0.4rem 0.75rem;
    background: var(--_selected);
    border-left: 3px solid var(--_accent);
  }

  .reset {
    padding: 0.15rem 0.6rem;
    border: 1px solid var(--_accent);
    border-radius: 4px;
    background: var(--_surface);
    color: var(--_accent);
    font-weight: 500;
  }

  table {
    width: 100%;
    border-collapse: collapse;
  }

  th {
    padding: 0.4rem 0.5rem;
    font-size: 0.75rem;
    font-weight: 500;
    color: var(--_muted);
    text-align: left;
    vertical-align: bottom;
  }

  td {
    padding: 0.3rem 0.5rem;
    border-top: 1px solid var(--_line);
    vertical-align: middle;
  }

  th:first-child,
  td:first-child {
    padding-left: 0.75rem;
  }

  td:first-child {
    min-width: 13rem;
  }

  .number {
    text-align: right;
  }

  th.number {
    max-width: 9rem;
  }

  td.number {
    white-space: nowrap;
  }

  tbody tr {
    cursor: pointer;
  }

  tbody tr:hover {
    background: var(--_raised);
  }

  tbody tr.selected {
    background: var(--_selected);
    box-shadow: inset 3px 0 0 var(--_accent);
  }

  .name {
    display: block;
    width: 100%;
    padding: 0;
    border: 0;
    background: none;
    font-weight: 600;
    text-align: left;
    overflow-wrap: anywhere;
  }

  .reason,
  .usual,
  .was {
    display: block;
    font-size: 0.75rem;
    font-weight: 400;
    color: var(--_muted);
  }

  .reason.outside {
    color: var(--_alarm);
  }

  .calm .reason.outside {
    color: var(--_text);
  }

  .arrow {
    color: var(--_muted);
  }

  .observed {
    font-weight: 600;
  }

  .edited > .value,
  .share.edited {
    color: var(--_accent);
    text-decoration: underline dotted;
    text-underline-offset: 3px;
  }

  .was {
    color: var(--_accent);
  }

  .scale {
    width: 20%;
    min-width: 6rem;
  }

  svg {
    display: block;
    width: 100%;
    height: 22px;
    overflow: visible;
  }

  .axis {
    stroke: var(--_line);
  }

  .usual-bar {
    fill: var(--_usual);
  }

  .expected-bar {
    fill: var(--_expected);
  }

  .dot {
    fill: var(--_text);
    stroke: var(--_surface);
    stroke-width: 1.5;
  }

  .dot.outside {
    fill: var(--_alarm);
  }

  .calm .dot.outside {
    fill: var(--_text);
  }

  .dot.missing {
    fill: var(--_surface);
    stroke: var(--_text);
    stroke-dasharray: 2.5 2.2;
  }

  circle.before {
    fill: var(--_surface);
    stroke: var(--_accent);
    stroke-width: 1.5;
  }

  line.before {
    stroke: var(--_accent);
    stroke-width: 2;
  }

  .thumb {
    fill: transparent;
    cursor: ew-resize;
    touch-action: none;
  }

  .thumb:hover {
    fill: color-mix(in srgb, var(--_accent) 25%, transparent);
  }

  .thumb[role='button'] {
    cursor: pointer;
  }

  .thumb:focus-visible {
    outline: none;
    stroke: var(--_accent);
    stroke-width: 2;
  }

  .blame {
    width: 8rem;
    min-width: 5.5rem;
  }

  .blame div {
    display: flex;
    align-items: center;
    gap: 0.4rem;
  }

  .blame svg {
    flex: 1;
    min-width: 0;
    height: 8px;
  }

  .blame-bar {
    fill: var(--_blame);
  }

  .calm .blame-bar {
    fill: var(--_usual);
  }

  .share {
    flex: none;
    width: 2.6rem;
    font-size: 0.8125rem;
    white-space: nowrap;
    color: var(--_muted);
    text-align: right;
  }

  .below {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0 1rem;
    padding: 0 0.75rem;
    border-top: 1px solid var(--_line);
  }

  .more {
    padding: 0.5rem 0;
    border: 0;
    background: none;
    color: var(--_accent);
    font-weight: 500;
  }

  .legend {
    padding: 0.4rem 0;
  }

  .legend span::before {
    content: '';
    display: inline-block;
    width: 0.8rem;
    height: 0.35rem;
    margin-right: 0.3rem;
    border-radius: 1px;
    vertical-align: middle;
    background: var(--_usual);
  }

  .legend .expected-key::before {
    background: var(--_expected);
  }

  .legend .observed-key::before {
    width: 0.5rem;
    height: 0.5rem;
    border-radius: 50%;
    background: var(--_text);
  }

  .legend .missing-key::before {
    width: 0.6rem;
    height: 0.6rem;
    border: 1.5px dashed var(--_text);
    border-radius: 50%;
    background: none;
  }

  .remarks {
    margin: 0;
    padding: 0.4rem 0.75rem 0.5rem 1.75rem;
    border-top: 1px solid var(--_line);
    overflow-wrap: anywhere;
  }

  .remarks > li::marker {
    color: var(--_muted);
  }

  .remarks > li + li {
    margin-top: 0.2rem;
  }

  .metric {
    font-weight: 600;
  }

  .similar {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.3rem 0.75rem;
    padding: 0.5rem 0.75rem;
    border-top: 1px solid var(--_line);
  }

  .similar ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .similar button {
    padding: 0.15rem 0.5rem;
    border: 1px solid var(--_line);
    border-radius: 4px;
    background: none;
    text-align: left;
    overflow-wrap: anywhere;
  }

  .similar button:hover {
    background: var(--_raised);
  }

  @container (max-width: 680px) {
    thead {
      position: absolute;
      clip-path: inset(50%);
    }

    table,
    tbody,
    tr,
    td {
      display: block;
    }

    tr {
      display: grid;
      grid-template-columns: 1fr auto;
      gap: 0.15rem 0.75rem;
      padding: 0.5rem 0.75rem;
      border-top: 1px solid var(--_line);
    }

    td,
    td:first-child {
      min-width: 0;
      padding: 0;
      border: 0;
    }

    .expected {
      grid-area: 2 / 1;
      text-align: left;
    }

    .expected::before {
      content: attr(data-label) ' ';
      color: var(--_muted);
    }

    .share-cell {
      grid-area: 2 / 2;
      width: 8.5rem;
      align-self: end;
    }

    .blame div::before {
      content: attr(data-label);
      font-size: 0.75rem;
      color: var(--_muted);
    }

    .scale {
      grid-column: 1 / -1;
      width: auto;
    }
  }
`;
