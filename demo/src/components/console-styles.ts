// Layout of the page.
import { css } from 'lit';

export const consoleStyles = css`
  :host {
    max-width: 1500px;
    margin: 0 auto;
    padding: 0.75rem 1.25rem 1.5rem;
  }

  header,
  section {
    margin-bottom: 0.75rem;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 1rem;
  }

  h1 {
    margin: 0;
    font-size: 1.125rem;
    letter-spacing: -0.01em;
  }

  .about {
    flex: 1 1 20rem;
    color: var(--muted);
    font-size: 0.8125rem;
  }

  .tolerance {
    display: flex;
    align-items: center;
    gap: 0.75rem;
  }

  .switch {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    padding: 0.3rem 0.65rem;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--surface);
    white-space: nowrap;
  }

  .switch:hover {
    border-color: var(--accent);
  }

  .track {
    position: relative;
    width: 2rem;
    height: 1.1rem;
    border-radius: 1rem;
    background: var(--muted);
  }

  .track::after {
    content: '';
    position: absolute;
    top: 0.15rem;
    left: 0.15rem;
    width: 0.8rem;
    height: 0.8rem;
    border-radius: 50%;
    background: var(--surface);
  }

  [aria-checked='true'] .track {
    background: var(--accent);
  }

  [aria-checked='true'] .track::after {
    left: 1.05rem;
  }

  .panel {
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--surface);
    overflow: hidden;
  }

  .moment {
    padding: 0.8rem 0.9rem 0.9rem;
    border-left: 5px solid var(--severity-0);
    border-bottom: 1px solid var(--line);
  }

  .moment.unusual {
    border-left-color: var(--severity-25);
  }

  .moment.warning {
    border-left-color: var(--severity-50);
  }

  .moment.critical {
    border-left-color: var(--severity-100);
  }

  .facts {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.9rem;
  }

  .facts .host {
    font-weight: 600;
  }

  .sentence {
    margin: 0.2rem 0 0.3rem;
    font-size: 1.25rem;
    line-height: 1.35;
    font-weight: 600;
    letter-spacing: -0.005em;
    color: var(--text);
    overflow-wrap: anywhere;
  }

  .details {
    font-size: 0.8125rem;
    color: var(--muted);
  }

  .details + .details {
    margin-top: 0.15rem;
  }

  .why {
    display: grid;
    grid-template-columns: minmax(0, 1.55fr) minmax(0, 1fr);
  }

  .why metric-table {
    padding-top: 0.6rem;
  }

  .why metric-curve {
    padding: 0.6rem 0.9rem 0.7rem;
    border-left: 1px solid var(--line);
  }

  .comparison {
    padding: 0.6rem 0.9rem 0.65rem;
    border-bottom: 1px solid var(--line);
    background: var(--raised);
  }

  .comparison dl {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2rem 2rem;
    margin: 0 0 0.2rem;
  }

  .comparison dt {
    display: inline;
    color: var(--muted);
  }

  .comparison dd {
    display: inline;
    margin: 0;
    font-weight: 600;
  }

  .comparison .current dt {
    color: var(--text);
    text-decoration: underline;
    text-decoration-thickness: 2px;
    text-decoration-color: var(--accent);
    text-underline-offset: 3px;
  }

  .overview {
    display: grid;
    grid-template-columns: minmax(0, 1.75fr) minmax(0, 1fr);
    gap: 0.75rem;
  }

  .overview h2 {
    padding: 0.65rem 0.75rem 0.5rem;
    color: var(--text);
  }

  .overview h2 span {
    font-weight: 400;
    color: var(--muted);
  }

  .alerts {
    display: flex;
    flex-direction: column;
    height: 0;
    min-height: 100%;
  }

  .alerts alert-list {
    overflow-y: auto;
    border-top: 1px solid var(--line);
  }

  footer {
    font-size: 0.8125rem;
    color: var(--muted);
  }

  @media (max-width: 1180px) {
    .why,
    .overview {
      grid-template-columns: minmax(0, 1fr);
    }

    .why metric-curve {
      border-left: 0;
      border-top: 1px solid var(--line);
    }

    .alerts {
      height: auto;
    }
  }

  @media (max-width: 560px) {
    :host {
      padding: 0.6rem 0.6rem 1.25rem;
    }

    .sentence {
      font-size: 1.0625rem;
    }

    .moment {
      padding: 0.65rem 0.7rem 0.7rem;
    }
  }
`;
