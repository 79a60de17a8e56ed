import { h, render } from 'preact';
import { App } from './app.js';
import { Moments } from './moments.js';
import { Trial } from './trial.js';
import { learn } from './words.js';
import './trial.css';

/** Bring the page to life: JSON of `#trial` names the project, its processes and stories, and the addresses to ask. */
export function open(element) {
  const given = JSON.parse(document.getElementById('trial').textContent);
  learn('group', given.groups);
  element.textContent = '';
  render(h(App, { trial: new Trial(given), moments: new Moments(given.zone, given.language) }), element);
}
