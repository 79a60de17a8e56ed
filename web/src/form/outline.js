// The outlines of what stands on a canvas: marching squares over its opacity, inside to the left of the way, so that
// holes run the other way round and a fill leaves them open.
const HALF = 128;

// Corners inside, as bits: top left 8, top right 4, bottom right 2, bottom left 1; the ways go from side to side.
const WAYS = {
  1: ['BL'], 2: ['RB'], 3: ['RL'], 4: ['TR'], 5: ['TR', 'BL'], 6: ['TB'], 7: ['TL'],
  8: ['LT'], 9: ['BT'], 10: ['LT', 'RB'], 11: ['RT'], 12: ['LR'], 13: ['BR'], 14: ['LB']
};

/** A path for `d` of an SVG, in units of `scale` pixels, of RGBA bytes. */
export function outlines(rgba, width, height, scale) {
  const at = (x, y) => rgba[(y * width + x) * 4 + 3];
  const next = ways(at, width, height);
  const loops = [];
  while (next.size) {
    const [first] = next.keys();
    const loop = [];
    let side = first;
    while (next.has(side)) {
      loop.push(side);
      const to = next.get(side);
      next.delete(side);
      side = to;
    }
    loops.push(loop);
  }
  const point = pointOn(at, width);
  const round = number => Math.round((number / scale) * 10) / 10;
  // Every second point is enough at twice the size.
  const drawn = loop => loop.filter((_, index) => index % 2 === 0).map(side => point(side).map(round).join(' ')).join('L');
  return loops.filter(loop => loop.length > 7).map(loop => `M${drawn(loop)}Z`).join('');
}

/** From each side of the grid that an outline crosses to the next. A side is twice its corner, one more if upright. */
function ways(at, width, height) {
  const next = new Map();
  for (let y = 0; y < height - 1; y += 1) {
    for (let x = 0; x < width - 1; x += 1) {
      const [tl, tr, br, bl] = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)].map(value => value >= HALF);
      const found = WAYS[tl * 8 + tr * 4 + br * 2 + bl];
      if (!found) continue;
      const corner = 2 * (y * width + x);
      const sides = { T: corner, L: corner + 1, R: corner + 3, B: corner + 2 * width };
      found.forEach(([from, to]) => next.set(sides[from], sides[to]));
    }
  }
  return next;
}

/** Where between its two corners an outline crosses a side. */
function pointOn(at, width) {
  return side => {
    const corner = Math.floor(side / 2);
    const [x, y] = [corner % width, Math.floor(corner / width)];
    const upright = side % 2;
    const [one, other] = [at(x, y), upright ? at(x, y + 1) : at(x + 1, y)];
    const part = (HALF - 0.5 - one) / (other - one);
    return upright ? [x, y + part] : [x + part, y];
  };
}
