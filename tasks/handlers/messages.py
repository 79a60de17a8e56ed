"""What a designer chooses of a message: the words, the step that it names, the channels, who gets it."""

from tasks.handlers.operation import Choice, Label, Setting

MESSAGES: dict[str, Label] = {
    "absence-notice": Label("员工失联，流程继续", "Employee absent, the case goes on"),
    "agreement-ask": Label("请签署协议", "Please sign an agreement"),
    "agreement-declined": Label("协议被拒签", "An agreement was declined"),
    "agreement-expired": Label("协议逾期未签", "An agreement was not signed in time"),
    "agreement-remind": Label("请尽快签署协议", "An agreement still waits to be signed"),
    "agreement-sealed": Label("协议已签章", "An agreement is sealed"),
    "agreement-unlawful": Label("不得约定竞业限制", "No non-compete is lawful here"),
    "agreement-withdrawn": Label("协议已撤回", "An agreement was withdrawn"),
    "asset-return": Label("归还公司物品", "Bring the company's things back"),
    "case-closed": Label("离职手续办结", "The case is closed"),
    "certificate-ready": Label("离职证明已出具", "The certificate is ready"),
    "confidentiality-passed": Label("保密核查通过", "Confidentiality check passed"),
    "departure-notice": Label("离职协同通知", "Someone leaves: please prepare"),
    "finance-open": Label("有未结清款项", "Items are open with finance"),
    "handover-assigned": Label("请接手交接", "Please take over"),
    "handover-countdown": Label("交接倒计时", "Handover: days left"),
    "handover-follow-up": Label("需跟进交接", "Follow the handover up"),
    "handover-returned": Label("交接清单需补充", "The handover list was returned"),
    "make-up-training": Label("请补学保密课程", "Make up the confidentiality course"),
    "overdue": Label("逾期预警", "Overdue"),
    "resignation-submitted": Label("离职待确认知悉", "A resignation to acknowledge"),
    "training-assigned": Label("请学习课程", "Please learn a course"),
    "training-certified": Label("培训证书已签发", "A training certificate is issued"),
    "training-expired": Label("培训证书已过期", "A training certificate has lapsed"),
    "training-overdue": Label("培训逾期", "A training is overdue"),
    "training-remind": Label("课程尚未完成", "A course is still to do"),
    "training-renew": Label("培训证书将到期", "A training certificate lapses soon"),
    "training-waived": Label("课程已豁免", "A course is waived"),
}


def _choices(words: dict[str, Label]) -> tuple[Choice, ...]:
    """Words by value as choices, each showing its value too: designers meet both."""
    return tuple(
        Choice(value=value, label=Label(f"{label.zh}（{value}）", f"{label.en} ({value})"))
        for value, label in words.items()
    )


_CHANNELS = {
    "message": Label("站内消息", "In the app"),
    "message,mail": Label("站内消息、邮件", "In the app, mail"),
    "sms,message": Label("短信、站内消息", "SMS, in the app"),
    "sms,message,mail": Label("短信、站内消息、邮件", "SMS, in the app, mail"),
}
CHANNEL_CHOICES = _choices(_CHANNELS)
_RECIPIENTS = (
    Choice(value="employee", label=Label("离职员工", "The leaver"), feel="=[employee.login]"),
    Choice(value="manager", label=Label("直属上级", "The manager"), feel="=[manager.login]"),
    Choice(value="head", label=Label("部门负责人", "The department head"), feel="=[departmentHead.login]"),
    Choice(value="recipient", label=Label("交接对接人", "Who takes over"), feel="=[recipient.login]"),
    Choice(value="hr", label=Label("人事", "HR"), feel='="group:hr"'),
    Choice(value="hr-head", label=Label("人事负责人", "HR head"), feel='="group:hr-head"'),
    Choice(value="it", label=Label("信息技术", "IT"), feel='="group:it"'),
    Choice(value="administration", label=Label("行政", "Administration"), feel='="group:administration"'),
    Choice(value="finance", label=Label("财务", "Finance"), feel='="group:finance"'),
)
SETTINGS = (
    Setting(
        name="template",
        label=Label("消息模板", "Template"),
        help=Label("文字由模板给出，可在“消息模板”中改为本单位的说法。", "The words come from the template."),
        group="message",
        choices=_choices(MESSAGES),
        value="overdue",
    ),
    Setting(
        name="node",
        label=Label("逾期环节", "Overdue step"),
        help=Label("写在预警中的环节名称，FEEL 表达式。", "The step that the warning names, in FEEL."),
        kind="input",
        group="message",
        value='="交接"',
        when=("template", "overdue"),
    ),
    Setting(
        name="channels",
        label=Label("渠道", "Channels"),
        help=Label(
            "站内消息总能送达；邮件和短信发送失败会重试并记入日志。",
            "The app always gets it. Mail and SMS that fail are retried and logged.",
        ),
        group="message",
        choices=CHANNEL_CHOICES,
        value="message,mail",
    ),
    Setting(
        name="to",
        label=Label("收件人", "To"),
        help=Label(
            '登录名或 group:组名，一个或多个；自定义时写 FEEL，例如 =[manager.login, "group:hr"]。',
            'Logins and group:name, one or more; a custom one is FEEL, such as =[manager.login, "group:hr"].',
        ),
        kind="input",
        choices=_RECIPIENTS,
        value="hr",
    ),
)
