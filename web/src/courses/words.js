// What the editor of courses says by script, in English as the key and in Chinese.
export default {
  '“{name}” is taken out.': '已移除“{name}”。',
  'Bring it back': '恢复',
  'untitled': '未命名',
  '{n} questions': '共 {n} 题',
  '{n} points': '{n} 分',
  'Being looked through …': '正在检查文件……',
  'The connection broke off. Try again.': '网络连接中断，请重试。',
  'It could not be saved. Try again.': '未能保存，请重试。',
  'What this picture shows': '图片说明',
  'That many are not in the bank.': '题库中没有这么多题。'
};
