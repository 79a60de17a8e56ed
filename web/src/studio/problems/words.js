// The sentences of the problems panel: our English, and its Chinese. What is wrong is told by the server.
const CHINESE = {
  '{n} errors': '{n} 个错误',
  '1 error': '1 个错误',
  '{n} hints': '{n} 个提示',
  '1 hint': '1 个提示',
  'No problems': '没有问题',
  'Looking for problems…': '正在检查…',
  'It could not be checked: no connection. What is shown may be out of date.': '未能检查：网络中断。所示内容可能已过时。',
  'It could not be checked: {reason}': '未能检查：{reason}',
  'You are signed out.': '登录已过期。',
  Error: '错误',
  Hint: '提示',
  'line {n}': '第 {n} 行',
  'The project': '整个项目',
  'this file': '当前文件'
};

/** A sentence in the page's language, its `{named}` places filled. */
export function say(sentence, values = {}) {
  const chinese = document.documentElement.lang.startsWith('zh');
  const found = (chinese && CHINESE[sentence]) || sentence;
  return found.replace(/{(\w+)}/g, (place, name) => (name in values ? values[name] : place));
}

/** “2 errors · 3 hints”, or that there are none. */
export function counted(problems) {
  const errors = problems.filter(({ error }) => error).length;
  const hints = problems.length - errors;
  const parts = [
    errors && (errors === 1 ? say('1 error') : say('{n} errors', { n: errors })),
    hints && (hints === 1 ? say('1 hint') : say('{n} hints', { n: hints }))
  ];
  return parts.filter(Boolean).join(' · ') || say('No problems');
}
