import { outlines } from './outline.js';

const WIDTH = 480;
const HEIGHT = 140;
const SCALE = 2; // pixels a unit, for smooth outlines
const HAND = "'Xingkai SC', STXingkai, 'Kaiti SC', STKaiti, KaiTi, 'AR PL UKai CN', 'Segoe Script', 'Snell Roundhand', cursive";
const MARK = 'class="typed"';

/** Whether a signature was typed: its picture says so, in an attribute and in words. */
export const isTyped = value => Boolean(value) && atob(value.split(',')[1]).includes(MARK);

/** The name as outlines, which is what a drawn signature is made of too, with a word that says that it was typed. */
export function lettered(name, word) {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH * SCALE;
  canvas.height = HEIGHT * SCALE;
  const pen = canvas.getContext('2d');
  const size = fitting(pen, name);
  pen.font = `${size}px ${HAND}`;
  pen.textBaseline = 'middle';
  // Leaning a little, as a hand does.
  pen.setTransform(1, 0, -0.12, 1, 0.06 * canvas.height, 0);
  pen.fillText(name, 24, canvas.height * 0.48);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.font = `34px ${HAND}`;
  pen.textAlign = 'right';
  pen.fillText(word, canvas.width - 16, canvas.height - 28);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const path = outlines(data, canvas.width, canvas.height, SCALE);
  const box = `width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${MARK} ${box}><g fill="#10182b"><path d="${path}"/></g></svg>`;
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}

const LARGEST = 148;

function fitting(pen, name) {
  pen.font = `${LARGEST}px ${HAND}`;
  const most = WIDTH * SCALE - 120;
  return Math.min(LARGEST, Math.floor((LARGEST * most) / pen.measureText(name).width));
}
