// What the page of a lesson says by script, in English as the key and in Chinese.
export default {
  'The connection broke off. Time without it does not count; what was counted before is kept.':
    '网络连接中断。断网期间的时间不计入学习，此前的进度都已保存。',
  'The connection broke off. Try again.': '网络连接中断，请重试。',
  'Connected again. The time in between did not count.': '网络已恢复，断网期间的时间未计入。',
  '{n} percent': '{n}%',
  'Done': '已完成',
  'Enough is counted: this lesson is done.': '本节已学完。',
  'Paused: nothing was touched for a minute. Scroll or tap to go on.': '已暂停计时：一分钟内没有操作。滑动或点按屏幕即可继续。',
  'You can go back as you like; ahead only as far as you have watched.': '可以随意回看；向前只能到已看过的位置。',
  'Choose an answer first.': '请先选择答案。',
  'Right.': '回答正确。',
  'Not yet right. Read the case once more and try again.': '还不对。请回看案例，再试一次。',
  'Check again': '再次检查'
};
