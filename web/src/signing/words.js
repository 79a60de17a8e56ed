// What the signing room says by script, in English as the key and in Chinese.
export default {
  '{read} of {pages} pages read': '已读 {read}/{pages} 页',
  'Read to the last page to go on.': '请阅读至最后一页后继续。',
  'Look at page {pages} too.': '第 {pages} 页尚未阅读。',
  ', ': '、',
  'All pages are read.': '已阅读全部页面。',
  'Page {page} could not be loaded. Tap to try again.': '第 {page} 页未能加载，点按重试。',
  'First tick that you agree to sign electronically.': '请先勾选同意以电子方式签署。',
  'Sign in the box first, or type your name.': '请先在签名框内签名，或键入姓名。',
  'Enter the 6 digits of the code that was sent to you.': '请输入收到的 6 位验证码。',
  'Sent to {address}. It is valid for 10 minutes.': '验证码已发送至 {address}，10 分钟内有效。',
  'Send again in {n} s': '{n} 秒后可重新发送',
  'Send again': '重新发送',
  'Say in a few words why: the company has to know what to do next.': '请简单说明原因，以便公司跟进处理。',
  'The connection broke off. Nothing is lost: look whether you are online and try again.':
    '网络连接中断。已填写的内容都还在，请检查网络后重试。',
  'No answer came, and it is not known whether it was signed. Look again before you sign once more.':
    '未收到服务器应答，暂不能确认是否已签署。请先刷新查看，再决定是否重新签署。',
  typed: '键入'
};
