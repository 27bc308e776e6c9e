import { css } from 'lit';

export const swimlaneStyles = css`
  .rows {
    position: relative;
    max-height: 60vh;
    overflow: hidden auto;
    border-radius: 3px;
  }

  canvas {
    display: block;
    width: 100%;
  }

  .lanes {
    position: sticky;
    top: 0;
    cursor: crosshair;
    touch-action: pan-y;
  }

  .tip {
    min-height: 1.45em;
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }

  /* What is said of a moment there takes one line or two, and must move nothing below it. */
  @media (max-width: 480px) {
    .tip {
      min-height: 2.9em;
    }
  }

  .scale {
    display: flex;
    align-items: center;
    gap: 0.4rem;
  }

  .ramp {
    width: 8rem;
    height: 0.6rem;
    border-radius: 2px;
    background: linear-gradient(
      to right,
      var(--_severity-0),
      var(--_severity-25),
      var(--_severity-50),
      var(--_severity-75),
      var(--_severity-100)
    );
  }

  .underlined::before {
    content: '';
    display: inline-block;
    width: 1.2rem;
    height: 2px;
    margin-right: 0.35rem;
    vertical-align: middle;
    background: var(--_text);
  }
`;
