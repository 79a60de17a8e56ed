"""The words of the element templates: topics, variables and outside systems, in Chinese and English."""

from dataclasses import dataclass

from tasks.handlers.operation import Choice, Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A group of job types in the designer's list. `system` is the outside system that they talk to, if any."""

    label: Label
    keywords: tuple[str, ...]
    system: Choice | None = None


def _system(value: str, zh: str, en: str) -> Choice:
    return Choice(value=value, label=Label(zh, en))


# By the first part of the job type.
TOPICS: dict[str, Topic] = {
    "accounts": Topic(
        label=Label("账号与权限", "Accounts"),
        keywords=("账号", "冻结", "目录", "邮箱", "account", "scim", "directory", "freeze"),
        system=_system("scim", "目录服务（SCIM）", "Directory (SCIM)"),
    ),
    "agreement": Topic(
        label=Label("协议签署", "Agreements"),
        keywords=("协议", "签署", "签字", "盖章", "用印", "归档", "agreement", "sign", "seal"),
    ),
    "assets": Topic(
        label=Label("资产", "Assets"),
        keywords=("资产", "物品", "归还", "核验", "asset", "return", "laptop"),
        system=_system("assets", "资产系统", "Asset register"),
    ),
    "case": Topic(
        label=Label("离职案件", "Leaving case"),
        keywords=("案件", "期限", "留痕", "办结", "case", "plan", "close", "record"),
    ),
    "certificate": Topic(
        label=Label("离职证明", "Leaving certificate"),
        keywords=("证明", "签发", "出具", "certificate", "issue"),
    ),
    "confidentiality": Topic(
        label=Label("保密", "Confidentiality"),
        keywords=("保密", "核查", "协议", "课程", "confidentiality", "course", "agreement"),
    ),
    "crm": Topic(
        label=Label("客户关系（CRM）", "CRM"),
        keywords=("客户", "移交", "权限", "crm", "customer", "transfer", "revoke"),
        system=_system("crm", "CRM 系统", "CRM"),
    ),
    "finance": Topic(
        label=Label("财务", "Finance"),
        keywords=("财务", "借款", "报销", "结清", "finance", "loan", "open items"),
        system=_system("finance", "财务系统", "Finance system"),
    ),
    "handover": Topic(
        label=Label("工作交接", "Handover"),
        keywords=("交接", "清单", "核对", "签字", "封存", "handover", "list", "seal"),
    ),
    "notify": Topic(
        label=Label("通知", "Messages"),
        keywords=("通知", "邮件", "短信", "消息", "提醒", "预警", "mail", "sms", "message", "notify"),
        system=_system("mail-sms", "站内消息、邮件、短信", "In-app messages, mail, SMS"),
    ),
    "oa": Topic(
        label=Label("协同办公（OA）", "OA"),
        keywords=("OA", "回传", "协同办公", "report"),
        system=_system("oa", "OA 系统", "OA"),
    ),
    "training": Topic(
        label=Label("培训", "Training"),
        keywords=("培训", "课程", "学习", "考试", "证书", "复训", "training", "course", "learn", "exam"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a process variable is, for who maps it. `example` is shown in an empty field."""

    label: Label
    help: Label
    example: str = ""


def _variable(zh: str, en: str, help_zh: str, help_en: str, example: str = "") -> Meaning:
    return Meaning(label=Label(zh, en), help=Label(help_zh, help_en), example=example)


VARIABLES: dict[str, Meaning] = {
    "absent": _variable(
        "员工失联", "Employee absent",
        "为 true 时，允许他人代为填写。", "True lets others act for the employee.", "=absent",
    ),
    "accounts": _variable(
        "账号冻结结果", "Frozen accounts",
        "login、connected、existed、frozen、at。", "login, connected, existed, frozen, at.",
    ),
    "agreement": _variable(
        "协议", "Agreement",
        "number、name、title、status、stages（各批签署人）、expiresAt、sealedHash、verifyCode 等。",
        "number, name, title, status, stages (who signs at once), expiresAt, sealedHash, verifyCode and more.",
    ),
    "alreadyTold": _variable(
        "已另行通知", "Already told",
        "为 true 时不再发送首次通知。", "True leaves the first message out.", "=true",
    ),
    "assets": _variable(
        "在借物品", "Assets",
        "物品列表，每项有 tag、kind、name、serial、status、costYuan、note。",
        "A list; each has tag, kind, name, serial, status, costYuan, note.", "=assets",
    ),
    "batchKey": _variable(
        "批次", "Batch",
        "按名单批量发起时的批次编号。", "The key of the batch, where many are sent at once.", "=batchKey",
    ),
    "caseNumber": _variable(
        "案件编号", "Case number",
        "案件登记时给出，同一案件各环节相同。", "Given when the case is filed; the same in every step.",
    ),
    "certificate": _variable(
        "离职证明", "Certificate",
        "number、hash、status（prepared 或 issued）、preparedAt、issuedAt。",
        "number, hash, status (prepared or issued), preparedAt, issuedAt.",
    ),
    "clearedAt": _variable(
        "全部结清时间", "All cleared at",
        "填写后按此时间推算证明期限。", "If given, the certificate's due time counts from it.", "=string(now())",
    ),
    "closedAt": _variable("办结时间", "Closed at", "案件办结的时间。", "When the case was closed."),
    "confidentiality": _variable(
        "保密核查结果", "Confidentiality finding",
        "passed、missing、unsigned、sources、checkedAt。", "passed, missing, unsigned, sources, checkedAt.",
        "=confidentiality",
    ),
    "course": _variable(
        "课程", "Course",
        "课程的短名；留空则按课程名称查找。", "The short name; without it the title counts.",
        '="customer-information-storage"',
    ),
    "courseTitle": _variable(
        "课程名称", "Title of the course",
        "已发布课程的名称，一般来自决策表。", "The title of a published course, mostly from a decision.",
        "=coursesDue[1]",
    ),
    "coursesDue": _variable(
        "应学课程", "Courses due",
        "决策 courses-due 给出的课程名称列表。", "The titles that the decision courses-due gives.",
        "=coursesDue",
    ),
    "crm": _variable(
        "CRM 权限与移交", "CRM rights and transfer",
        "connected、reachable、customers、orders、roles、transferredTo、state 等。",
        "connected, reachable, customers, orders, roles, transferredTo, state and more.", "=crm",
    ),
    "dueAt": _variable(
        "学习期限", "Due at",
        "先于天数；留空则按天数计算。", "Goes before the days; without it they count.", '=now() + duration("P14D")',
    ),
    "dueInDays": _variable(
        "学习期限（天）", "Days to learn",
        "留空则用系统设置的天数。", "If empty, the organisation's usual number of days.", "=14",
    ),
    "dues": _variable(
        "各组应学课程", "Courses due by group",
        "与 learners 逐项对应的课程名称列表。", "Titles for each of the learners, in the same order.", "=dues",
    ),
    "employee": _variable(
        "离职员工", "Leaver",
        "含 no（工号）、login（登录名）、name、family 的对象。", "An object with no, login, name and family.",
    ),
    "endReason": _variable(
        "结束理由", "Why it ends",
        "拒签、撤回的理由，写入记录。", "Why it was declined or withdrawn; it goes on record.", "=endReason",
    ),
    "everyone": _variable(
        "全体在职人员", "Everyone",
        "为 true 时核对全体在职人员。", "True looks at all who work here.", "=true",
    ),
    "expiresAt": _variable(
        "到期即止", "Ends at",
        "签署须在此刻前全部完成，留空则按天数计算；培训到此刻仍未完成的如实记录，留空则不会到期。",
        "All must have signed by then, without it the days count; a course not done by then goes on record.",
        '=now() + duration("P15D")',
    ),
    "expiresInDays": _variable(
        "签署期限（天）", "Days to sign",
        "留空则用系统设置的天数。", "If empty, the organisation's usual number of days.", "=15",
    ),
    "externalId": _variable(
        "OA 外部单号", "OA's own number",
        "由 OA 发起的申请才有；为空时不回传。", "Only applications from OA have one; without it nothing is reported.",
        "=externalId",
    ),
    "finance": _variable(
        "未结清款项", "Open items",
        "items、total（元）、settled、connected、checkedAt。", "items, total (yuan), settled, connected, checkedAt.",
    ),
    "handover": _variable(
        "交接清单", "Handover list",
        "items、decision、version、hash、confirmed 等。", "items, decision, version, hash, confirmed and more.",
        "=handover",
    ),
    "handoverTemplate": _variable(
        "岗位交接模板", "Role's template",
        "交接事项列表，一般来自决策表。", "A list of rows, mostly from a decision table.", "=handoverTemplate",
    ),
    "learners": _variable(
        "应核对人员", "Learners",
        "按岗位类别、级别、部门、缘由归组的人员，logins 为登录名列表。",
        "People by family, level, department and reason; logins lists them.", "=learners",
    ),
    "leavingOn": _variable(
        "离职日期", "Last day", "日期，如 2026-12-02。", "A date such as 2026-12-02.", "=leavingOn"
    ),
    "leavingType": _variable(
        "离职依据", "Ground for leaving",
        "如 37、37-probation、36。", "Such as 37, 37-probation or 36.", "=leavingType",
    ),
    "missing": _variable(
        "应学未学", "Missing",
        "每项有 employee、courseTitle、reason。", "Each has employee, courseTitle, reason.",
    ),
    "mutualConsent": _variable(
        "协商一致", "Mutual consent",
        "双方协商提前离职时为 true。", "True where both sides agreed on an earlier day.", "=mutualConsent",
    ),
    "openRecord": _variable(
        "留痕文件", "Record of open items",
        "nodes、jsonHash、pdfHash、takenAt。", "nodes, jsonHash, pdfHash, takenAt.",
    ),
    "plan": _variable(
        "期限计划", "Plan",
        "各环节到期时间，如 plan.managerDueAt、plan.handoverDueAt。",
        "Due times such as plan.managerDueAt and plan.handoverDueAt.",
    ),
    "reason": _variable(
        "缘由", "Reason",
        "培训的缘由：role、entry、change、yearly、recertify、make-up、manual。",
        "Why a course is learned: role, entry, change, yearly, recertify, make-up, manual.", '="manual"',
    ),
    "recipient": _variable(
        "交接对接人", "Who takes over",
        "含 login、name 的对象。", "An object with login and name.", "=recipient",
    ),
    "renewalNeeded": _variable(
        "仍需复训", "Still due",
        "到期前是否还要再学。", "Whether the course is to be learned again.",
    ),
    "signer": _variable(
        "签署人", "Signer",
        "agreement.stages 中的一项：login、name、role、field、place。",
        "An entry of agreement.stages: login, name, role, field, place.",
    ),
    "signing": _variable(
        "签署依据", "Signing",
        "kind、title、family、level、secretContact、basis、since、signed（已签且有效的协议）。",
        "kind, title, family, level, secretContact, basis, since, signed (agreements that hold).",
    ),
    "text": _variable(
        "协议文本", "Text",
        "协议文本的短名，如 non-compete、confidentiality。", "The short name of a text, such as non-compete.",
        '="non-compete"',
    ),
    "training": _variable(
        "培训", "Training",
        "number、course、title、name、manager、status、round、score、dueAt、certificate、validUntil。",
        "number, course, title, name, manager, status, round, score, dueAt, certificate, validUntil.", "=training",
    ),
    "values": _variable(
        "填写内容", "Values",
        "文本各字段的值；留空的字段取文本中的默认值。", "Values of the text's fields; others take their default.",
        "={months: 12}",
    ),
    "witness": _variable(
        "见证人", "Witness",
        "见证人的登录名；文本需要见证人时填写。", "The login of a witness, where the text wants one.", "=witness",
    ),
}  # fmt: skip
