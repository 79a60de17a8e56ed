// What the form editor and its preview say themselves, in Chinese.
export default {
  Employee: '员工',
  Signature: '签名',
  'ID number': '身份证号',
  Department: '部门',
  'Special field': '专用字段',
  'Kind of field': '字段用途',
  'an ordinary field': '普通字段',
  'Kept as a property, so that the file stays one that any form editor opens.': '以属性保存，任何表单编辑器都能打开此文件。',
  'The file cannot be opened here: {reason} Download it, mend it in a text editor and upload it again.':
    '无法在此打开这个文件：{reason}请下载后用文本编辑器修正，再重新上传。',
  'it is no JSON': '它不是 JSON',
  'it has a component of a kind that forms do not know: {type}': '其中有表单不认识的组件类型 {type}',
  'You may look at this file, not change it.': '您可以查看此文件，但不能修改。',
  'The preview cannot show this: {reason}': '预览无法显示：{reason}',
  'Write a JSON object, such as {"days": 3}.': '请填写 JSON 对象，例如 {"days": 3}。',
  Submit: '提交',
  'Some fields need another look.': '有些内容需要修改。',
  'The form would be accepted. The process gets:': '可以提交。流程将得到：',
  'The form itself would not be accepted:': '表单本身有问题：',
  'The form could not be checked. Look at the connection and try again.': '没能检查。请检查网络后重试。',
  nothing: '无'
};
