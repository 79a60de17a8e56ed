const SLACK = 0.4; // seconds past the farthest place at which a player may land
const JUMP = 1.5; // seconds between two words of a player that is not playing through

/** Guards a player and notes the stretches that it played: back as one likes, ahead never, at its own speed.
 *
 * `ended()` is called at the end, `ahead()` when somebody tried to skip.
 */
export function film(video, ended, ahead) {
  let [played, from, at, farthest] = [[], null, 0, 0];

  function close() {
    if (from !== null && at > from) played.push([round(from), round(at)]);
    from = null;
  }

  function follow() {
    const now = video.currentTime;
    if (from !== null && (now < at || now > at + JUMP)) close();
    if (from === null) from = now;
    at = now;
    if (from <= farthest + SLACK) farthest = Math.max(farthest, at);
  }

  video.addEventListener('playing', () => { if (!video.seeking) follow(); });
  video.addEventListener('timeupdate', () => { if (!video.paused && !video.seeking) follow(); });
  video.addEventListener('pause', () => { if (!video.seeking && from !== null) { follow(); close(); } });
  video.addEventListener('seeked', () => { if (!video.paused) follow(); });
  video.addEventListener('ended', () => { close(); ended(); });
  video.addEventListener('ratechange', () => { if (video.playbackRate !== 1) video.playbackRate = 1; });
  video.addEventListener('seeking', () => {
    close();
    if (video.currentTime <= farthest + SLACK) return;
    video.currentTime = farthest;
    ahead();
  });

  function goTo(place) {
    const go = () => { video.currentTime = place; };
    if (video.readyState) go();
    else video.addEventListener('loadedmetadata', go, { once: true });
  }

  return {
    take() {
      if (from !== null && at > from) {
        played.push([round(from), round(at)]);
        from = at;
      }
      const told = { played };
      played = [];
      return told;
    },
    /** The server has counted otherwise: what it says holds. */
    correct(body) {
      [played, from, farthest] = [[], null, body.farthest];
      if (video.currentTime > farthest + SLACK) goTo(farthest);
    },
    goTo,
    pause: () => video.pause()
  };
}

const round = seconds => Math.round(seconds * 1000) / 1000;
