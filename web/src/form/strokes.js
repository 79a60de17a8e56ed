// What a hand draws on a canvas, as one SVG made of paths alone.
export const PEN = { penColor: '#10182b', minWidth: 0.9, maxWidth: 2.8, dotSize: 1.6 };

/** As many pixels as the screen has, and the strokes drawn again: a canvas forgets them when its size changes. */
export function fitTo(canvas, pad) {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  const width = Math.round(canvas.offsetWidth * ratio);
  if (!width || width === canvas.width) return;
  const strokes = pad.toData();
  canvas.width = width;
  canvas.height = Math.round(canvas.offsetHeight * ratio);
  canvas.getContext('2d').scale(ratio, ratio);
  pad.clear();
  pad.fromData(strokes);
}

const round = number => Math.round(number * 10) / 10;

/** The strokes as one SVG: a path each, a dot being a line of no length with a round end. */
export function picture(canvas, strokes) {
  const paths = strokes.map(({ points }) => {
    const [first, ...rest] = points;
    const line = rest.length ? rest.map(point => `L${round(point.x)} ${round(point.y)}`).join('') : 'h0.1';
    return `<path d="M${round(first.x)} ${round(first.y)}${line}"/>`;
  });
  const size = `width="${canvas.offsetWidth}" height="${canvas.offsetHeight}"`;
  const box = `viewBox="0 0 ${canvas.offsetWidth} ${canvas.offsetHeight}"`;
  const pen = 'fill="none" stroke="#10182b" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${box}><g ${pen}>${paths.join('')}</g></svg>`;
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}

/** The strokes of a picture of ours, so that a draft can be gone on with. */
export function strokesOf(value) {
  const svg = new DOMParser().parseFromString(atob(value.split(',')[1]), 'image/svg+xml');
  return [...svg.querySelectorAll('path')].map(path => ({
    ...PEN,
    points: [...path.getAttribute('d').matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map(([, x, y], index) => ({
      x: Number(x),
      y: Number(y),
      pressure: 0.5,
      time: index * 20
    }))
  }));
}
