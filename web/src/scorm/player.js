// The page around a package. Pages of SCORM look for `API` (1.2) or `API_1484_11` (2004) in the windows above them.
// The run time comes as the file that it is: what two pages were bundled from would be shared with the inbox's script.
import scorm12 from '../../node_modules/scorm-again/dist/scorm12.min.js?url';
import scorm2004 from '../../node_modules/scorm-again/dist/scorm2004.min.js?url';

const FILES = { 1.2: [scorm12, 'Scorm12API'], 2004: [scorm2004, 'Scorm2004API'] };
const EVERY = 30; // seconds between commits that the page itself does not ask for
const PAUSE = 5_000; // milliseconds between two signs of life
const { standard, item, sco, begin, main } = document.body.dataset;
const frame = document.getElementById('content');
const onwards = document.getElementById('on');

const tell = message => window.parent.postMessage({ package: message }, main);

/** Commits wait for their answer: a page that asks whether it was kept has to be told the truth. */
const http = {
  processHttpRequest(url, sent) {
    const body = JSON.stringify(sent);
    try {
      const request = new XMLHttpRequest();
      request.open('POST', url, false);
      request.setRequestHeader('Content-Type', 'application/json');
      request.send(body);
      const answer = JSON.parse(request.responseText);
      tell({ kind: 'kept', ...answer });
      if (answer.completed && onwards) onwards.hidden = false;
      return { result: answer.result, errorCode: answer.result ? 0 : 391 };
    } catch {
      // A page that is being left may not wait; what it sends so arrives, unanswered.
      const sent = navigator.sendBeacon(url, new Blob([body], { type: 'application/json' }));
      tell({ kind: 'sent' });
      return { result: sent, errorCode: sent ? 0 : 391 };
    }
  },
  updateSettings() {}
};

const url = `commit?item=${encodeURIComponent(item)}`;

function on(api, names, does) {
  names.forEach(name => api.on(name, does));
}

function ended() {
  if (onwards) onwards.hidden = false;
}

function go(step) {
  const links = [...document.querySelectorAll('.pages a')];
  const here = links.findIndex(link => link.hasAttribute('aria-current'));
  const link = links[here + step];
  if (link) window.location.assign(link.href);
}

function play(Api) {
  const api = new Api({
    autocommit: true, autocommitSeconds: EVERY, lmsCommitUrl: url, httpService: http, alwaysSendTotalTime: true,
    mastery_override: true, logLevel: 5
  });
  api.loadFromJSON(JSON.parse(begin));
  if (standard === '2004') {
    window.API_1484_11 = api;
    on(api, ['Terminate'], ended);
    on(api, ['SequenceNext'], () => go(1));
    on(api, ['SequencePrevious'], () => go(-1));
  } else {
    window.API = api;
    on(api, ['LMSFinish'], ended);
  }
}

/** Somebody reads, types or points in the package: its frames are of this origin, the lesson's page is not. */
function watch(view) {
  let last = 0;
  const alive = () => {
    if (Date.now() - last < PAUSE) return;
    last = Date.now();
    tell({ kind: 'active' });
  };
  try {
    ['pointerdown', 'pointermove', 'keydown', 'touchstart', 'wheel', 'scroll'].forEach(name =>
      view.document.addEventListener(name, alive, { capture: true, passive: true }));
    [...view.document.querySelectorAll('iframe, frame')].forEach(inner => {
      inner.addEventListener('load', () => watch(inner.contentWindow));
      watch(inner.contentWindow);
    });
  } catch {
    // A frame of elsewhere tells nothing.
  }
}

frame.addEventListener('load', () => {
  watch(frame.contentWindow);
  if (sco === 'no') http.processHttpRequest(url, { cmi: {} });
});

/** The class of the standard's interface, once its script has run. */
function load([file, name]) {
  return new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = file;
    script.onload = () => done(window[name]);
    script.onerror = failed;
    document.head.append(script);
  });
}

(sco === 'yes' ? load(FILES[standard]).then(play) : Promise.resolve()).then(
  () => { frame.src = frame.dataset.src; },
  () => tell({ kind: 'broken' })
);
