/* global document, getComputedStyle */

/** What charts are drawn with: the page's colours as they are now, light or dark. */
export function currentInk() {
  const probe = document.createElement('span');
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return style.color;
  };
  const ink = {
    strategy: colour('strategy'),
    benchmark: colour('benchmark'),
    gain: colour('gain'),
    loss: colour('loss'),
    neutral: colour('neutral'),
    buy: colour('strategy'),
    sell: colour('sell'),
    text: colour('muted'),
    grid: colour('grid'),
    shade: colour('shade'),
    paper: colour('paper'),
    strategyFill: colour('strategy-fill'),
    lossFill: colour('loss-fill'),
    rangeFill: colour('range'),
    font: style.fontFamily,
  };
  probe.remove();
  return ink;
}
