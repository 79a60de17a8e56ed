import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

// The icons that pages and scripts name; the build fails on one that lucide does not have.
const NAMES = [
  'activity', 'award', 'badge-check', 'bell', 'briefcase', 'calendar', 'check', 'chevron-down', 'chevron-left',
  'chevron-right', 'circle-alert', 'circle-check', 'circle-plus', 'clock', 'columns-2', 'download', 'ellipsis', 'external-link',
  'file', 'file-text', 'folder-open', 'hand', 'history', 'lock', 'lock-open', 'id-card', 'inbox', 'info', 'keyboard', 'languages',
  'layers', 'list-checks', 'log-out', 'mail', 'message-circle', 'message-square', 'network', 'paperclip', 'pause', 'pencil', 'play',
  'plus', 'rotate-cw', 'route', 'search', 'send', 'settings', 'shield-check', 'signature', 'smartphone', 'sun-moon',
  'timer', 'triangle-alert', 'trash-2', 'undo-2', 'upload', 'user', 'user-check', 'user-plus', 'user-x', 'users', 'workflow', 'x',
  'redo-2', 'align-horizontal-distribute-center', 'zoom-out', 'zoom-in', 'scan', 'map', 'image', 'fullscreen', 'panel-right',
  'stamp', 'hourglass', 'copy', 'list-plus', 'file-pen', 'grip-vertical', 'flag', 'arrow-up', 'arrow-down',
  'graduation-cap', 'book-open', 'circle-play', 'messages-square', 'mouse-pointer-click', 'archive', 'list'
];

/** One SVG sprite, a symbol an icon, drawn by `<use href="…#name">` in the colour of the text around it. */
export default function icons() {
  const folder = path.dirname(createRequire(import.meta.url).resolve('lucide-static/package.json'));
  return {
    name: 'icons',
    generateBundle() {
      const symbols = NAMES.map(name => {
        const svg = fs.readFileSync(path.join(folder, 'icons', `${name}.svg`), 'utf8');
        const drawing = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
        return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, '')}</symbol>`;
      });
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
      this.emitFile({ type: 'asset', name: 'icons.svg', originalFileName: 'icons.svg', source });
    }
  };
}
