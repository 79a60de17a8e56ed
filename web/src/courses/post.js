/** Send JSON. Gives `{status, html}` or `{status, body}`, by what came back; status 0: no answer came. */
export async function post(url, told) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': document.body.dataset.csrf },
      body: JSON.stringify(told)
    });
    const html = (response.headers.get('Content-Type') || '').startsWith('text/html');
    return { status: response.status, ...(html ? { html: await response.text() } : { body: await response.json() }) };
  } catch {
    return { status: 0, body: {} };
  }
}

/** Send a file as its bytes; `progress(share)` is called while it goes. Gives `{status, body}`. */
export function bring(file, progress) {
  return new Promise(done => {
    const request = new XMLHttpRequest();
    request.open('POST', `/training/material?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-CSRF-Token', document.body.dataset.csrf);
    request.upload.addEventListener('progress', event => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener('loadend', () => {
      let body = {};
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // An answer that is none: the status tells.
      }
      done({ status: request.status, body });
    });
    request.send(file);
  });
}
