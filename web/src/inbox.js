import './polyfills.js';
import htmx from 'htmx.org';
import { behave } from './behave.js';
import { islands } from './islands.js';
import { keys } from './keys.js';
import { live } from './live.js';

// Loaded by every page. Whatever a page brings in later, by htmx, gets the same treatment as what it came with.
document.addEventListener('DOMContentLoaded', () => {
  islands(document);
  // htmx takes the page over in a timer that it set when it was read: this one comes after it.
  setTimeout(() => {
    document.body.dataset.alive = 'true';
    document.dispatchEvent(new CustomEvent('awake'));
  });
});
document.addEventListener('htmx:after:swap', () => islands(document));
behave(htmx);
keys();
live(htmx);
