// What the pages of agreements say by script, in English as the key and in Chinese.
export default {
  'Take {name} away': '移除 {name}',
  '{n} people chosen': '已选 {n} 人',
  'Nobody is chosen yet.': '尚未选择员工。',
  'Nobody fits: {words}.': '找不到：{words}。',
  'Several people bear this name, so give the login or staff number: {words}.': '有同名员工，请改用账号或工号：{words}。',
  'The connection broke off. Try again.': '网络连接中断，请重试。',
  ', ': '、'
};
