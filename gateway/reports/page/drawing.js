/** Hooks of uPlot that draw what it has no series for. Sizes are in device pixels. */

function clipped(plot, draw) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, bbox);
  ctx.restore();
}

const xOf = (plot, value) => plot.valToPos(value, 'x', true);
const yOf = (plot, value) => plot.valToPos(value, 'y', true);
const labelFont = (ink, ratio) => `${Math.round(11 * ratio)}px ${ink.font}`;

/** Spans behind everything. */
export function shadeSpans(spans, ink) {
  return (plot) =>
    clipped(plot, (ctx, bbox) => {
      ctx.fillStyle = ink.shade;
      for (const { from, to } of spans) {
        const left = xOf(plot, from);
        ctx.fillRect(left, bbox.top, Math.max(1, xOf(plot, to) - left), bbox.height);
      }
    });
}

/** From the lowest to the highest price of each bar. */
export function drawRange({ low, high }, ink, ratio) {
  return (plot) =>
    clipped(plot, (ctx) => {
      const { min, max } = plot.scales.x;
      const from = Math.max(0, Math.floor(min));
      const to = Math.min(low.length - 1, Math.ceil(max));
      const space = xOf(plot, 1) - xOf(plot, 0);
      const width = Math.max(1, Math.min(6 * ratio, space * 0.6));
      ctx.fillStyle = ink.rangeFill;
      for (let bar = from; bar <= to; bar += 1) {
        const top = yOf(plot, high[bar]);
        ctx.fillRect(xOf(plot, bar) - width / 2, top, width, Math.max(1, yOf(plot, low[bar]) - top));
      }
    });
}

/** Lines at a value, each with its name at its end. */
export function drawLines(lines, ink, ratio) {
  return (plot) =>
    clipped(plot, (ctx, { left, top, width, height }) => {
      ctx.fillStyle = ink.text;
      ctx.lineJoin = 'round';
      ctx.font = labelFont(ink, ratio);
      // On a rim of paper, so that a course below does not strike it through.
      const write = (label, x, y) => {
        ctx.setLineDash([]);
        ctx.lineWidth = 4 * ratio;
        ctx.strokeStyle = ink.paper;
        ctx.strokeText(label, x, y);
        ctx.fillText(label, x, y);
      };
      lines.forEach(({ axis, at, label }, number) => {
        ctx.setLineDash([4 * ratio, 3 * ratio]);
        ctx.lineWidth = ratio;
        ctx.strokeStyle = ink.text;
        ctx.beginPath();
        if (axis === 'y') {
          const y = yOf(plot, at);
          ctx.moveTo(left, y);
          ctx.lineTo(left + width, y);
          ctx.stroke();
          ctx.textAlign = 'right';
          const above = y - top > 18 * ratio;
          write(label, left + width - 4 * ratio, above ? y - 5 * ratio : y + 14 * ratio);
        } else {
          const x = xOf(plot, at);
          ctx.moveTo(x, top);
          ctx.lineTo(x, top + height);
          ctx.stroke();
          // The mean lies right of the tail: names on either side do not meet.
          ctx.textAlign = number % 2 === 0 ? 'right' : 'left';
          write(label, x + (number % 2 === 0 ? -5 : 5) * ratio, top + 12 * ratio);
        }
      });
    });
}

function triangle(ctx, x, y, size, up) {
  const tip = up ? -1 : 1;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - size, y - tip * size * 1.7);
  ctx.lineTo(x + size, y - tip * size * 1.7);
  ctx.closePath();
}

/** Lines from entry to exit, then a triangle below each price bought at and above each sold at. */
export function drawExecutions({ marks, trades }, ink, ratio) {
  return (plot) =>
    clipped(plot, (ctx) => {
      ctx.lineWidth = 1.5 * ratio;
      ctx.setLineDash([2 * ratio, 3 * ratio]);
      for (const { fromBar, fromPrice, toBar, toPrice, won } of trades) {
        ctx.strokeStyle = won ? ink.gain : ink.loss;
        ctx.beginPath();
        ctx.moveTo(xOf(plot, fromBar), yOf(plot, fromPrice));
        ctx.lineTo(xOf(plot, toBar), yOf(plot, toPrice));
        ctx.stroke();
      }
      ctx.setLineDash([]);
      ctx.lineWidth = ratio;
      ctx.strokeStyle = ink.paper;
      const size = (marks.length > 250 ? 3 : 4.5) * ratio;
      for (const { bar, side, price } of marks) {
        const bought = side === 'BUY';
        triangle(ctx, xOf(plot, bar), yOf(plot, price) + (bought ? 2 : -2) * ratio, size, bought);
        ctx.fillStyle = bought ? ink.buy : ink.sell;
        ctx.fill();
        ctx.stroke();
      }
    });
}
