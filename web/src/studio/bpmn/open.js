import { openDraft } from '../draft.js';
import { say } from './say.js';

/** The BPMN editor in `root`, on the draft of this page. The modeller and the file are fetched side by side. */
export async function open(root) {
  const draft = openDraft();
  const loading = draft.load();
  const { edit } = await import('./editor.js');
  const editor = await edit(root, { fileName: draft.told.name, readonly: draft.told.readonly });
  root.editor = editor;
  await begin(editor, draft, await loading);
  root.setAttribute('aria-busy', 'false');
  return editor;
}

async function begin({ drawing, modeler, tell, linted }, draft, text) {
  try {
    tell(await drawing.show(text));
  } catch (error) {
    tell([say('This file cannot be drawn: {reason} Download it, mend it, and upload it again.', { reason: error.message })]);
    return;
  }
  drawing.begin();
  modeler.on('commandStack.changed', () => draft.changed(() => drawing.text()));
  import('./around.js').then(({ surround }) => surround({ drawing, modeler, draft, linted }));
}
