// The sentences of the studio's frame: our English, and its Chinese. Each editor has a list of its own.
const CHINESE = {
  Saved: '已保存',
  'Not saved yet': '尚未保存',
  'Saving…': '正在保存…',
  'No connection: kept in this browser, tried again': '网络中断：内容已保留在本浏览器，将自动重试',
  'Signed out: kept in this browser': '登录已过期：内容已保留在本浏览器',
  'The session is over. What you changed is kept in this browser: sign in again.': '登录已过期。您的更改已保留在本浏览器：请重新登录。',
  'Not saved: changed by {who} meanwhile': '未保存：{who} 已先行修改',
  'Not saved: the file was renamed or removed': '未保存：文件已被重命名或删除',
  'Changed by {who} meanwhile': '{who} 已有新的修改',
  'Reload the page': '刷新页面',
  'Not saved: {reason}': '未保存：{reason}',
  'Save what you changed first: {state}.': '请先保存您的更改：{state}。',
  'The file could not be loaded. Reload the page.': '文件未能加载。请刷新页面。',
  '{name} is written in {encoding} and has bytes that are no letters in it. Download it, mend it and upload it again.':
    '{name} 以 {encoding} 编码，但其中有无法识别的字节。请下载修正后重新上传。',
  'Your changes are not saved': '您的更改未保存',
  '{who} changed {name} at {at}. Nothing of theirs or yours is overwritten: what you wrote is kept in the history of the file.':
    '{who} 于 {at} 修改了 {name}。双方的内容都没有被覆盖：您所写的已保留在该文件的历史中。',
  '{name} was renamed or removed meanwhile. What you wrote is kept.': '{name} 在此期间已被重命名或删除。您所写的内容已保留。',
  'Look at both': '对比两份内容',
  'Save mine as a copy': '将我的另存为副本',
  'Take theirs': '采用对方的版本',
  'Decide later': '稍后处理',
  'Decide…': '处理…',
  copy: '副本',
  'The copy could not be saved: {reason}': '副本未能保存：{reason}',
  'Saved as {name}.': '已另存为 {name}。',
  'There are changes that were not saved': '有尚未保存的更改',
  'You changed {name} at {at} in this browser, and it was not saved. Go on with it, or forget it?':
    '您曾于 {at} 在本浏览器中修改 {name}，尚未保存。要继续使用这些更改，还是放弃？',
  'Go on with it': '继续使用',
  'Forget it': '放弃',
  'Save with a comment': '附说明保存',
  'What is new': '更新说明',
  'It stands in the history, and the state is kept for good.': '说明将显示在历史中，当前状态会作为单独的修订保留。',
  Save: '保存',
  'Leave it': '暂不',
  'Saved as revision {n}.': '已保存为修订 {n}。'
};

/** A sentence in the page's language, its `{named}` places filled. */
export function say(sentence, values = {}) {
  const chinese = document.documentElement.lang.startsWith('zh');
  const found = (chinese && CHINESE[sentence]) || sentence;
  return found.replace(/{(\w+)}/g, (place, name) => (name in values ? values[name] : place));
}

/** An instant as the page's language writes it, in this machine's zone. */
export function moment(iso) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  const day = today ? {} : { month: 'short', day: 'numeric' };
  return at.toLocaleString(document.documentElement.lang, { ...day, hour: '2-digit', minute: '2-digit' });
}
