// Styles that the verdict elements share.
import { css } from 'lit';

export const formStyles = css`
  :host {
    font-size: 0.875rem;
    color: var(--text);
  }

  h2 {
    color: var(--text);
  }

  button,
  input,
  textarea {
    font: inherit;
    color: var(--text);
    border: 1px solid var(--muted);
    border-radius: 6px;
    background: var(--surface);
  }

  button {
    padding: 0.35rem 0.7rem;
    border-color: var(--line);
  }

  button:hover:not(:disabled) {
    border-color: var(--accent);
  }

  button:disabled {
    color: var(--muted);
    cursor: default;
  }

  input:focus-visible,
  textarea:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }

  .small {
    font-size: 0.8125rem;
  }

  .memory,
  .errors {
    color: var(--alarm);
  }
`;
