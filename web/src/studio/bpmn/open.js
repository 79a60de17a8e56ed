import { openDraft } from '../draft.js';

/** The BPMN editor in `root`, on the draft of this page. The modeller and the file are fetched side by side. */
export async function open(root) {
  const draft = openDraft();
  const loading = draft.load();
  const { edit } = await import('./editor.js');
  const editor = await edit(root, { fileName: draft.told.name, readonly: draft.told.readonly });
  root.editor = editor;
  await begin(editor, draft, await loading);
  return editor;
}

async function begin({ drawing, modeler, tell, linted }, draft, text) {
  tell(await drawing.show(text));
  drawing.begin();
  modeler.on('commandStack.changed', () => draft.changed(() => drawing.text()));
  const { surround } = await import('./around.js');
  surround({ drawing, modeler, draft, linted });
}
