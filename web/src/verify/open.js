// The file that is to be checked: what was chosen is named, too large a one is refused before it is sent.

const MEGABYTE = 1024 * 1024;

/** Bring the form of a file to life. Without a script it works too. */
export function open(form) {
  const drop = form.querySelector('.drop');
  const input = drop.querySelector('input');
  const button = form.querySelector('button');
  input.addEventListener('change', () => chosen(form, input.files[0]));
  ['dragenter', 'dragover'].forEach(name => drop.addEventListener(name, () => drop.classList.add('over')));
  ['dragleave', 'drop'].forEach(name => drop.addEventListener(name, () => drop.classList.remove('over')));
  form.addEventListener('submit', () => button.setAttribute('aria-busy', 'true'));
  window.addEventListener('pageshow', () => button.removeAttribute('aria-busy'));
}

function chosen(form, file) {
  const name = form.querySelector('.drop b');
  const told = form.querySelector('.drop small');
  const tooLarge = file && file.size > Number(form.dataset.most);
  name.dataset.asked = name.dataset.asked || name.textContent;
  told.dataset.asked = told.dataset.asked || told.textContent;
  name.textContent = file ? file.name : name.dataset.asked;
  told.textContent = tooLarge ? form.dataset.large : file ? size(file.size) : told.dataset.asked;
  form.querySelector('button').disabled = Boolean(tooLarge);
}

function size(bytes) {
  return bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
