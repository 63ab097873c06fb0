import type { ChartSpec } from '../charts/chart-spec.ts';
import { html, type Markup } from '../html.ts';

/** The place of a chart, which the page's script draws, and what it shows in words. */
export const chartFigure = ({ id, title, caption, alternative, size }: ChartSpec): Markup =>
  html`<figure class="chart" id="figure-${id}">
    <figcaption>
      <h3><bdi>${title}</bdi></h3>
      <p>${caption}</p>
    </figcaption>
    <ul class="readout" aria-hidden="true"></ul>
    <div class="plot ${size.toLowerCase()}" role="img" aria-label="${title}. ${alternative}"></div>
  </figure>`;

/** Said where a chart would stand, and why there is none. */
export const absent = (title: string, reason: string): Markup =>
  html`<div class="absent">
    <h3>${title}</h3>
    <p>${reason}</p>
  </div>`;
