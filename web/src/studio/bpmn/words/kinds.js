// Kinds of elements as the head of the properties panel and the findings name them.
const EVENTS = { Start: '开始', 'Intermediate Catch': '中间捕获', 'Intermediate Throw': '中间抛出', End: '结束', Boundary: '边界' };
const DEFINITIONS = {
  Message: '消息', Timer: '定时', Signal: '信号', Conditional: '条件', Error: '错误', Escalation: '升级', Compensate: '补偿',
  Compensation: '补偿', Link: '链接', Terminate: '终止', Cancel: '取消'
};
const KINDS = {
  Task: '任务', 'User Task': '用户任务', 'Service Task': '服务任务', 'Send Task': '发送任务', 'Receive Task': '接收任务',
  'Manual Task': '手工任务', 'Business Rule Task': '业务规则任务', 'Script Task': '脚本任务', 'Call Activity': '调用活动',
  'Sub Process': '子流程', 'Collapsed Sub Process': '子流程（折叠）', 'Expanded Sub Process': '子流程（展开）', SubProcess: '子流程',
  'Event Sub Process': '事件子流程', Transaction: '事务', 'Ad Hoc Sub Process': '即席子流程',
  'Collapsed Ad Hoc Sub Process': '即席子流程（折叠）', 'Expanded Ad Hoc Sub Process': '即席子流程（展开）',
  'Exclusive Gateway': '排他网关', 'Parallel Gateway': '并行网关', 'Inclusive Gateway': '包容网关', 'Complex Gateway': '复杂网关',
  'Event Based Gateway': '事件网关', 'Data Object Reference': '数据对象', 'Data Store Reference': '数据存储', 'Data Object': '数据对象',
  'Text Annotation': '文本注释', Group: '分组', 'Sequence Flow': '顺序流', 'Default Flow': '默认流', 'Conditional Flow': '条件流',
  'Message Flow': '消息流', Association: '关联', 'Data Input Association': '数据输入关联', 'Data Output Association': '数据输出关联',
  Participant: '参与者', Collaboration: '协作', Lane: '泳道', Process: '流程', Message: '消息',
  'Intermediate Event': '中间事件', 'Task Definition': '作业定义', 'Form Definition': '表单', 'Called Decision': '调用的决策',
  'Called Element': '调用的流程', Script: '脚本', Subscription: '消息关联键', 'Loop Characteristics': '多实例设置', Header: '作业参数',
  'Execution Listener': '执行监听器', 'Task Listener': '任务监听器', 'Assignment Definition': '办理人',
  'Task Schedule': '期限', 'Ad Hoc': '即席', 'Version Tag': '版本标签', 'Multi Instance Loop Characteristics': '多实例',
  'Standard Loop Characteristics': '循环'
};

/** `Message Start Event`, `Timer Boundary Event (Non Interrupting)` and the like, from their parts. */
function events() {
  const made = {};
  for (const [event, place] of Object.entries(EVENTS)) {
    made[`${event} Event`] = `${place}事件`;
    for (const [definition, kind] of Object.entries(DEFINITIONS)) {
      made[`${definition} ${event} Event`] = `${kind}${place}事件`;
      made[`${definition} ${event} Event (Non Interrupting)`] = `${kind}${place}事件（不中断）`;
    }
  }
  for (const [definition, kind] of Object.entries(DEFINITIONS)) made[`${definition} Event Definition`] = `${kind}事件`;
  return made;
}

// Members of the file that a finding asks for.
const MEMBERS = {
  correlationKey: '消息关联键', decisionId: '决策标识', dmnDecision: '决策', errorCode: '错误编码', errorRef: '错误', escalationCode: '升级编码',
  escalationRef: '升级', expression: '表达式', externalReference: '外部表单地址', formId: '表单标识', formKey: '表单键', inputCollection: '输入集合',
  key: '键', messageRef: '消息', name: '名称', outputCollection: '输出集合', outputElement: '输出元素', processId: '流程标识',
  resultVariable: '结果变量', signalRef: '信号', source: '值', target: '变量名', timeCycle: '循环周期', timeDate: '日期时间',
  timeDuration: '时长', type: '类型', eventType: '事件类型', conditionExpression: '条件'
};

export default { ...events(), ...KINDS, ...MEMBERS };
