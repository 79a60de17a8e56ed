// What the pages of agreements say by script, in English as the key and in Chinese.
export default {
  'Take {name} away': '移除 {name}',
  '{n} people chosen': '已选 {n} 人',
  '1 person chosen': '已选 1 人',
  'Nobody is chosen yet.': '尚未选择员工。',
  'Nobody fits: {words}.': '找不到：{words}。',
  'Several people bear this name, so give the login or staff number: {words}.': '有同名员工，请改用账号或工号：{words}。',
  '{n} agreements chosen': '已选 {n} 份',
  '1 agreement chosen': '已选 1 份',
  'Send again in {n} s': '{n} 秒后可重新发送',
  'Send again': '重新发送',
  'Sent to {address} for {n} agreements. It is valid for 10 minutes.': '验证码已发送至 {address}，用于 {n} 份协议，10 分钟内有效。',
  'Sent to {address} for one agreement. It is valid for 10 minutes.': '验证码已发送至 {address}，用于 1 份协议，10 分钟内有效。',
  'Choose the agreements, then have a code sent for them.': '请先勾选协议，再获取验证码。',
  'The connection broke off. Try again.': '网络连接中断，请重试。',
  ', ': '、'
};
