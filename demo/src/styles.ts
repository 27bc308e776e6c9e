// Styles that several elements share.
import { css } from 'lit';

export const shared = css`
  :host {
    display: block;
  }

  * {
    box-sizing: border-box;
  }

  h2,
  p {
    margin: 0;
  }

  h2 {
    font-size: 0.8125rem;
    font-weight: 600;
    color: var(--muted);
  }

  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
  }

  button:focus-visible,
  [tabindex]:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  .whole {
    white-space: nowrap;
  }

  .muted {
    color: var(--muted);
  }

  /* The exact message under what it means. */
  .detail {
    display: block;
    font-size: 0.8125rem;
    white-space: pre-wrap;
  }

  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** A list of buttons, one of which may be current. */
export const choiceStyles = css`
  :is(ol, ul) {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li button {
    width: 100%;
    border: 0;
    background: none;
    text-align: left;
    outline-offset: -2px;
  }

  li button:hover {
    background: var(--raised);
  }

  li button[aria-current='true'] {
    background: var(--selected);
    box-shadow: inset 3px 0 0 var(--accent);
  }
`;

/** A square in the colour of a severity and its word. */
export const levelStyles = css`
  .level {
    display: inline-flex;
    align-items: baseline;
    gap: 0.4rem;
    font-weight: 600;
    white-space: nowrap;
  }

  .level::before {
    content: '';
    width: 0.7rem;
    height: 0.7rem;
    border-radius: 2px;
    background: var(--severity-0);
    border: 1px solid var(--muted);
  }

  .level.unusual::before {
    background: var(--severity-25);
  }

  .level.warning::before {
    background: var(--severity-50);
    border-color: transparent;
  }

  .level.critical::before {
    background: var(--severity-100);
    border-color: transparent;
  }
`;
