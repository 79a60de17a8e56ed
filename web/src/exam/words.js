// What an exam says by script, in English as the key and in Chinese.
export default {
  'Question {n}': '第 {n} 题',
  answered: '已作答',
  'not answered': '未作答',
  'marked to look at again': '已标记',
  ', ': '、',
  'Saving …': '正在保存…',
  'All answers are saved.': '答案已保存',
  'Not saved yet: the connection broke off. It is tried again.': '暂未保存：网络中断，正在重试',
  'Answers are saved as you give them.': '作答后自动保存',
  '{n} minutes are left.': '考试时间还剩 {n} 分钟。',
  'One minute is left.': '考试时间还剩 1 分钟。',
  'The time is over. The exam is handed in.': '考试时间到，正在交卷。',
  'The time is over. What was saved is graded: load this page again to see the result.':
    '考试时间到，系统将按已保存的答案评分。请刷新页面查看结果。',
  'Not answered: {places}.': '未作答：第 {places} 题。',
  'Marked to look at again: {places}.': '已标记：第 {places} 题。',
  'All questions are answered. After this nothing can be changed.': '所有题目均已作答。交卷后不能再修改。',
  'After this nothing can be changed.': '交卷后不能再修改。',
  '{option}: place {n} of {all}': '{option}：第 {n} 位，共 {all} 位',
  'The connection broke off. Nothing is lost: look whether you are online and try again.':
    '网络连接中断。已作答的内容都还在，请检查网络后重试。',
  'No answer came, and it is not known whether it was handed in. Try once more: it counts once.':
    '未收到服务器应答，暂不能确认是否已交卷。请再试一次，重复交卷只计一次。',
  'The session is over. Load this page again and sign in: your answers are kept.':
    '登录已失效。请刷新页面并重新登录，您的答案都还在。'
};
