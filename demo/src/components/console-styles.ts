// Layout of the page.
import { css } from 'lit';

export const consoleStyles = css`
  :host {
    max-width: 1500px;
    margin: 0 auto;
    padding: 0.75rem 1.25rem 1.5rem;
  }

  header,
  section,
  role-overview {
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

  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem;
  }

  scene-bar {
    margin-bottom: 0.75rem;
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

  .details {
    font-size: 0.8125rem;
    color: var(--muted);
  }

  .why {
    display: grid;
    grid-template-columns: minmax(0, 1.55fr) minmax(0, 1fr);
  }

  .why rolemix-explanation {
    padding-top: 0.6rem;
  }

  .pictures {
    padding: 0.6rem 0.9rem 0.7rem;
    border-left: 1px solid var(--line);
  }

  .pictures rolemix-metric-chart {
    margin-bottom: 0.75rem;
  }

  rolemix-swimlane {
    padding: 0 0.75rem 0.6rem;
  }

  verdict-summary {
    padding: 0.6rem 0.75rem 0.75rem;
  }

  .save {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem;
    padding: 0.4rem 0.75rem 0.6rem;
    font-size: 0.8125rem;
  }

  .verdict {
    padding: 0.6rem 0.9rem 0.7rem;
    border-top: 1px solid var(--line);
  }

  .plain {
    padding: 0.3rem 0.65rem;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--surface);
    white-space: nowrap;
  }

  .save .plain,
  h2 .plain {
    padding: 0.1rem 0.5rem;
    font-weight: 400;
  }

  .plain:hover {
    border-color: var(--accent);
  }

  .role {
    max-width: 100%;
    padding: 0.2rem 0.4rem;
    border: 1px solid var(--muted);
    border-radius: 6px;
    background: var(--surface);
    color: var(--text);
    font: inherit;
    font-weight: 600;
  }

  .waiting {
    padding: 2rem 1rem;
    color: var(--muted);
  }

  .verdict[hidden] {
    display: none;
  }

  .problem,
  .notice {
    flex: 1 0 100%;
    padding: 0.35rem 0.6rem;
    border-left: 3px solid var(--accent);
    overflow-wrap: anywhere;
  }

  .problem {
    border-left-color: var(--alarm);
    background: var(--alarm-soft);
  }

  .progress {
    color: var(--accent);
  }

  .dropping {
    outline: 3px dashed var(--accent);
    outline-offset: 4px;
    border-radius: 8px;
  }

  details.panel {
    margin-bottom: 0.75rem;
  }

  summary {
    padding: 0.55rem 0.75rem;
    cursor: pointer;
  }

  summary:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }

  summary h2 {
    display: inline;
    color: var(--text);
  }

  summary h2 span {
    font-weight: 400;
    color: var(--muted);
  }

  details[open] summary {
    border-bottom: 1px solid var(--line);
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

  /* A screen on the wall: the moment on the left, all hosts on the right. */
  @media (min-width: 2000px) {
    :host {
      max-width: 2800px;
    }

    .main {
      display: grid;
      grid-template-columns: minmax(0, 1.2fr) minmax(0, 1fr);
      align-items: start;
      gap: 0.75rem;
    }
  }

  @media (max-width: 1180px) {
    .why,
    .overview {
      grid-template-columns: minmax(0, 1fr);
    }

    .pictures {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
      gap: 0.75rem 1.5rem;
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
  }
`;
