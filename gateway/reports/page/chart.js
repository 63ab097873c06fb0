/* global document, uPlot */
import { ticksOfBars } from './bar-ticks.js';
import { drawExecutions, drawLines, drawRange, shadeSpans } from './drawing.js';
import { datesWritten, DAY_SECONDS, dayWritten, instantWritten, ticksWritten, written } from './written.js';

/** On the screen, and on paper, where a page holds more than one. */
const HEIGHTS = {
  screen: { TALL: 320, MIDDLE: 220, SHORT: 150 },
  paper: { TALL: 240, MIDDLE: 150, SHORT: 110 },
};
const AXIS_FONT_PX = 11;
const COUNT_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

/** What stands on the x axis: seconds of days, the number of a bar, or the value. */
const positions = ({ kind, values }) =>
  kind === 'DAY'
    ? values.map((day) => day * DAY_SECONDS)
    : kind === 'BAR'
      ? values.map((_, bar) => bar)
      : values;

/** A single value has room on both sides; bars of a histogram have half of one. */
function xRange({ kind, values }) {
  const half = kind === 'VALUE' && values.length > 1 ? (values[1] - values[0]) / 2 : 0;
  const alone = { DAY: 3 * DAY_SECONDS, BAR: 1, VALUE: 0.01 }[kind];
  return (_plot, min, max) => {
    const [only] = positions({ kind, values });
    return values.length === 1 ? [only - alone, only + alone] : [min - half, max + half];
  };
}

/** Years need less room than days with their months. */
const YEARS_FROM = 4 * 366 * DAY_SECONDS;
const DATE_SPACE = 74;
const YEAR_SPACE = 42;
const YEAR_STEPS = [1, 2, 5, 10, 20, 50].map((years) => years * 365 * DAY_SECONDS);
const DATE_STEPS = [1, 2, 3, 7, 14, 30, 60, 90, 180, 365].map((days) => days * DAY_SECONDS);

function xAxis({ kind, values }) {
  if (kind === 'VALUE') {
    return { space: 60, values: (_plot, at, _axis, _space, step) => ticksWritten('PERCENT', at, step) };
  }
  if (kind === 'DAY') {
    return {
      incrs: (_plot, _axis, min, max) => (max - min > YEARS_FROM ? YEAR_STEPS : DATE_STEPS),
      space: (_plot, _axis, min, max) => (max - min > YEARS_FROM ? YEAR_SPACE : DATE_SPACE),
      values: (_plot, at, _axis, _space, step) => datesWritten(at, step),
    };
  }
  const seconds = values.map((at) => at / 1_000);
  const ticks = (min, max, width) => ticksOfBars(seconds, min, max, width / DATE_SPACE);
  return {
    splits: (plot, _axis, min, max) => ticks(min, max, plot.width).bars,
    values: (plot, bars) =>
      datesWritten(
        bars.map((bar) => seconds[bar]),
        ticks(plot.scales.x.min, plot.scales.x.max, plot.width).step,
      ),
  };
}

function axes(spec, ink) {
  const [{ kind }] = spec.series;
  const shared = {
    stroke: ink.text,
    font: `${AXIS_FONT_PX}px ${ink.font}`,
    grid: { stroke: ink.grid, width: 1 },
    ticks: { show: false },
  };
  return [
    { ...shared, ...xAxis(spec.axis), grid: { show: false }, size: 28, gap: 8 },
    {
      ...shared,
      space: 36,
      ...(kind === 'COUNT' ? { incrs: COUNT_STEPS } : {}),
      gap: 6,
      // Charts below each other begin at one line; long prices get the room that they need.
      size: (_plot, texts) => Math.max(58, ...(texts ?? []).map((text) => text.length * 6.6 + 14)),
      // Ticks of a logarithmic scale lie apart by factors: whole per cent tell them apart.
      values: (_plot, at, _axis, _space, step) => ticksWritten(kind, at, spec.logarithmic ? 0.01 : step),
    },
  ];
}

const fills = (ink) => ({ strategy: ink.strategyFill, loss: ink.lossFill });

function plotSeries({ label, ink: name, style, values }, ink) {
  const few = values.filter((value) => value !== null).length < 3;
  const shared = { label, stroke: ink[name], width: 1.5, points: { show: few } };
  if (style === 'AREA') return { ...shared, fill: fills(ink)[name], fillTo: 0 };
  if (style !== 'BARS') return shared;
  const paths = uPlot.paths.bars({ size: [1, 120], gap: 1 });
  return { ...shared, width: 0, fill: ink[name], paths, points: { show: false } };
}

/** Room above and below where all values are one. */
const ALONE = { GROWTH: 0.05, PERCENT: 0.05, RATIO: 1, PRICE: 1, COUNT: 1 };

function yScale(spec) {
  const [{ kind }] = spec.series;
  const fromZero = spec.series.some(({ style }) => style !== 'LINE');
  const lines = spec.lines.filter(({ axis }) => axis === 'y').map(({ at }) => at);
  const { low = [], high = [] } = spec.range ?? {};
  return {
    distr: spec.logarithmic ? 3 : 1,
    range: (plot, min, max) => {
      if (min === null) return [0, 1];
      if (spec.logarithmic) return uPlot.rangeLog(min, max, 10, false);
      const from = Math.max(0, Math.floor(plot.scales.x.min ?? 0));
      const to = Math.ceil(plot.scales.x.max ?? low.length) + 1;
      const lowest = low.slice(from, to).reduce((a, b) => Math.min(a, b), min);
      const highest = high.slice(from, to).reduce((a, b) => Math.max(a, b), max);
      const all = [lowest, highest, ...lines, ...(fromZero ? [0] : [])];
      const [bottom, top] = [Math.min(...all), Math.max(...all)];
      if (bottom === top) return [bottom - ALONE[kind], top + ALONE[kind]];
      const room = (top - bottom) * 0.06;
      return [fromZero && bottom === 0 ? 0 : bottom - room, fromZero && top === 0 ? 0 : top + room];
    },
  };
}

/** The values under the cursor; without one, the last of each. */
function readout(list, spec) {
  const [from, to] = [spec.axis.values[0], spec.axis.values.at(-1)];
  const areDays = (to - from) / (spec.axis.values.length - 1) > 0.9 * DAY_SECONDS * 1_000;
  const when = ({ kind, values }, at) =>
    kind === 'DAY'
      ? dayWritten(values[at] * DAY_SECONDS)
      : kind === 'BAR'
        ? (areDays ? dayWritten : instantWritten)(values[at] / 1_000)
        : written('PERCENT', values[at]);
  const item = (className, text, value) => {
    const entry = document.createElement('li');
    entry.className = className;
    entry.append(text);
    if (value !== undefined) {
      const strong = document.createElement('b');
      strong.append(value);
      entry.append(' ', strong);
    }
    return entry;
  };
  const lastOf = (values) => values.findLastIndex((value) => value !== null);
  return (plot) => {
    const hovered = plot.cursor.idx ?? null;
    const entries = spec.series.map(({ label, ink, style, kind, values }) => {
      const value =
        style === 'BARS' ? (hovered === null ? null : values[hovered]) : values[hovered ?? lastOf(values)];
      return item(
        `key ${ink}`,
        label,
        value === null || value === undefined ? undefined : written(kind, value),
      );
    });
    const done = spec.marks.filter(({ bar }) => bar === hovered);
    list.replaceChildren(
      ...(hovered === null ? [] : [item('when', when(spec.axis, hovered))]),
      ...entries,
      ...(hovered === null && spec.marks.length > 0
        ? [item('mark buy', 'Bought'), item('mark sell', 'Sold')]
        : []),
      ...done.map(({ side, text }) => item(`mark ${side === 'BUY' ? 'buy' : 'sell'}`, text)),
    );
  };
}

/** Draws one chart into its figure, as wide as it is told, for 'screen' or 'paper'. */
export function drawChart(figure, spec, ink, ratio, width, medium) {
  const place = figure.querySelector('.plot');
  const show = readout(figure.querySelector('.readout'), spec);
  const inSeconds = spec.axis.kind === 'DAY' ? DAY_SECONDS : 1;
  const spans = spec.shaded.map(({ from, to }) => ({ from: from * inSeconds, to: to * inSeconds }));
  const options = {
    width,
    height: HEIGHTS[medium][spec.size],
    padding: [10, 18, 0, 0],
    legend: { show: false },
    tzDate: (at) => uPlot.tzDate(new Date(at * 1_000), 'Etc/UTC'),
    cursor: {
      y: false,
      points: { size: 7 },
      drag: { x: true, y: false, dist: 8 },
      ...(spec.together === null ? {} : { sync: { key: spec.together, scales: ['x', null] } }),
    },
    scales: { x: { time: spec.axis.kind === 'DAY', range: xRange(spec.axis) }, y: yScale(spec) },
    axes: axes(spec, ink),
    series: [{}, ...spec.series.map((series) => plotSeries(series, ink))],
    hooks: {
      drawClear: [shadeSpans(spans, ink)],
      drawAxes: spec.range === null ? [] : [drawRange(spec.range, ink, ratio)],
      draw: [drawLines(spec.lines, ink, ratio), drawExecutions(spec, ink, ratio)],
      setCursor: [show],
      ready: [show],
    },
  };
  place.replaceChildren();
  return new uPlot(options, [positions(spec.axis), ...spec.series.map(({ values }) => values)], place);
}
