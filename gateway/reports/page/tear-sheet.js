/* global document, matchMedia, addEventListener, ResizeObserver, uPlot */
import { drawChart } from './chart.js';
import { currentInk } from './ink.js';

/** CSS pixels of an A4 page between its margins: what a chart is drawn as wide as for paper. */
const PAPER_WIDTH = 688;

const { charts } = JSON.parse(document.getElementById('charts').textContent);
const drawn = new Map();
const root = document.documentElement;

function draw(medium, widthOf) {
  const ink = currentInk();
  for (const spec of charts) {
    const figure = document.getElementById(`figure-${spec.id}`);
    drawn.get(spec.id)?.destroy();
    drawn.set(spec.id, drawChart(figure, spec, ink, uPlot.pxRatio, widthOf(figure), medium));
  }
}

const drawForScreen = () => draw('screen', (figure) => figure.querySelector('.plot').clientWidth);

function fit() {
  for (const spec of charts) {
    const plot = drawn.get(spec.id);
    const width = document.querySelector(`#figure-${spec.id} .plot`).clientWidth;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: plot.height });
  }
}

function chooseTheme({ target }) {
  if (target.name !== 'theme') return;
  if (target.value === 'auto') delete root.dataset.theme;
  else root.dataset.theme = target.value;
  drawForScreen();
}

drawForScreen();
document.getElementById('no-charts').remove();
let isOnPaper = false;
new ResizeObserver(() => {
  if (!isOnPaper) fit();
}).observe(document.querySelector('main'));
document.querySelector('.theme').hidden = false;
document.querySelector('.theme').addEventListener('change', chooseTheme);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  if (!isOnPaper) drawForScreen();
});

// Paper is white whatever the screen is, and as wide as paper.
addEventListener('beforeprint', () => {
  isOnPaper = true;
  root.classList.add('paper');
  draw('paper', () => PAPER_WIDTH);
});
addEventListener('afterprint', () => {
  isOnPaper = false;
  root.classList.remove('paper');
  drawForScreen();
});
addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') for (const plot of drawn.values()) plot.setData(plot.data, true);
});
