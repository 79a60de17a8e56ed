"""Lines that no clause may cross, each a pattern of what is done: posting after leaving, penalties, wages, papers,
deposits, fees, rights that are given up, data.

Each tells the words, why not, and what may stand instead. What is lawful in the same words is named beside it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hr.agreements.law.wording import FIRM, STAFF, Finding, Sentence, Severity, across, first, gap
from kernel.text import Text, say

NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`lawful` is looked for in the sentence with its heading: where it stands, the words are no matter."""

    rule: str
    article: Text
    pattern: re.Pattern[str]
    sentence: Callable[[str], Text]
    severity: Severity = "error"
    lawful: re.Pattern[str] = NEVER
    follows: bool = True


def ways(*patterns: str) -> re.Pattern[str]:
    """One pattern of several ways to say a thing."""
    return re.compile("|".join(patterns))


_WAGE = r"(?:工资|薪资|薪酬|薪水|劳动报酬|奖金|绩效|提成|年终奖|报酬)"
_PAPER = (
    r"(?:离职证明|解除(?:或者?终止)?(?:劳动合同|劳动关系)?的?证明"
    r"|终止劳动合同的?证明|退工单|档案|社保转移|社会保险(?:关系)?转移|人事关系)"
)
_CARD = r"(?:身份证|居民身份证|毕业证|学历证|学位证|资格证|护照|户口[簿本])"
_OPEN = (
    rf"(?:未|没有?|不(?![得会应能可因以影])|拒绝?|拒不){gap(10)}"
    rf"(?:交接|归还|返还|结清|还清|签字|签署|配合|办结|完成){gap(10)}[，,]?"
)
_AFTER = rf"(?:交接|归还|返还|结清|还清|清算|清账|签字|签署|办结){gap(12)}(?:之?后|完毕|完成|为前提|为条件)"
_HOLD = (
    r"(?:暂停|暂缓|停止|中止|推迟|延迟|延期|延缓|迟延|拒绝|不再|不予|有权不|不|停发|缓发|冻结)"
    r"(?:发放?|支付|结算|给付|付)?"
)

LINES: tuple[Line, ...] = (
    Line(
        rule="wages",
        article=say("Wage Provisions 9, 15; Labour Law 50"),
        pattern=ways(
            rf"(?:暂停|暂缓|停止|中止|推迟|延迟|延期|延缓|延后|拖延|拒绝|不再|不予|有权不)(?:发放?|支付|结算|给付|付){gap(10)}{_WAGE}",
            rf"(?:停发|缓发|扣发|扣减|扣除|扣留|扣押|克扣|罚扣|扣罚|冻结){gap(12)}{_WAGE}",
            rf"{_WAGE}{gap(8)}(?:停发|缓发|扣发|扣减|扣除|扣留|扣回|克扣|冻结|抵扣|抵销|抵消|冲抵|不予(?:发放|支付)|暂停|暂缓|暂不|不再发放)",
            rf"(?:从|在|自|由){gap(10)}{_WAGE}{gap(6)}(?:扣|抵)",
            rf"(?:以|用){gap(8)}{_WAGE}{gap(6)}(?:抵|冲)",
            rf"{_OPEN}{gap(8)}(?:{_HOLD}|扣){gap(8)}{_WAGE}",
            rf"{_WAGE}{gap(6)}(?:待|等|至|以|在|于|须在|应在){gap(12)}{_AFTER}",
            rf"{_AFTER}[，,]?{gap(4)}(?:才|再|方可|方能|方|始){gap(8)}(?:发放?|支付|结算|领取|获得){gap(8)}{_WAGE}",
            rf"(?:不得|不能|不可|无权)(?:领取|获得|享有|主张|要求支付){gap(8)}{_WAGE}",
        ),
        lawful=re.compile(
            r"代扣代缴|个人所得税|个税|依法扣缴|百分之二十|20[%％]|补偿[^，。；]{0,8}(?:停发|停止|不再)|竞业限制(?:经济)?补偿"
        ),
        sentence=lambda words: say(
            "“{words}” holds wages back or takes from them. Wages are paid in full and in one sum when the contract "
            "ends; only tax, insurance and, up to a fifth of a month's wage, proven damage may be deducted. Take it "
            "out; damage is a claim of its own.",
            words=words,
        ),
    ),
    Line(
        rule="papers",
        article=say("LCL 50, 84, 89"),
        pattern=ways(
            rf"(?:扣留|扣押|扣下|暂扣|压下|拒绝?(?:出具|开具|提供|办理|发放)|不予?(?:出具|开具|提供|办理|发放)|暂不|暂缓|缓发|推迟|延迟|延期){gap(10)}{_PAPER}",
            rf"{_PAPER}{gap(8)}(?:扣留|扣押|暂扣|不予?(?:出具|开具|提供|办理|发放)|暂缓|缓发|推迟|延迟)",
            rf"{_PAPER}{gap(4)}(?:待|等|须|需|凭|应?在|于){gap(12)}{_AFTER}",
            rf"{_AFTER}[，,]?{gap(4)}(?:才|方可|方能|才能|才可|再|方){gap(8)}(?:出具|开具|发放?|提供|领取|给|办理){gap(8)}{_PAPER}",
        ),
        sentence=lambda words: say(
            "“{words}” keeps a paper of the employee back. Certificate, file and insurance are due when the contract "
            "ends, whatever is open; withholding them costs a fine and damages. Take it out.",
            words=words,
        ),
    ),
    Line(
        rule="originals",
        article=say("LCL 9, 84"),
        pattern=ways(
            rf"(?:扣押|扣留|代管|代为保管|保管|收存|留存|收取|上交|上缴|交由|交存|质押){gap(10)}{_CARD}",
            rf"{_CARD}{gap(8)}(?:原件)?{gap(6)}(?:扣押|扣留|代管|代为保管|保管|收存|留存|上交|上缴|交由|交存)",
        ),
        lawful=re.compile(r"复印件|副本|号码|核验|妥善保管(?:自己|本人)"),
        sentence=lambda words: say(
            "“{words}” takes an original paper of the employee into custody. An employer may look at it, not keep it. "
            "Take it out.",
            words=words,
        ),
    ),
    Line(
        rule="deposit",
        article=say("LCL 9, 84"),
        pattern=ways(
            rf"(?:缴纳|交纳|缴付|支付|交付|提供|收取|预扣|预留|扣取|留存|预交|预缴|缴存|交){gap(10)}(?:押金|保证金|抵押金?|风险金|风险抵押|质押|担保(?!书的))",
            rf"(?:押金|保证金|抵押金|风险金){gap(8)}(?:由)?{STAFF}?{gap(4)}(?:缴纳|交纳|支付|承担|不予?退还|予以没收|没收)",
            rf"(?:须|应|需|要求){gap(8)}(?:提供|寻找|取得){gap(6)}(?:担保人|保证人|第三人担保|亲属担保)",
        ),
        lawful=re.compile(rf"{FIRM}[^，。；]{{0,6}}(?:缴纳|支付|提供)[^，。；]{{0,6}}(?:保证金|担保)|财产保全"),
        sentence=lambda words: say(
            "“{words}” asks the employee for a deposit or a guarantee. An employer may ask for neither, under no name. "
            "Take it out.",
            words=words,
        ),
    ),
    Line(
        rule="fees",
        article=say("Guide to electronic labour contracts (2021), free of charge for the worker"),
        pattern=ways(
            rf"(?:签署|签订|签约|认证|数字证书|电子签名|公证|存证|制作|工本)(?:的|所需|产生的|相关)?{gap(8)}(?:费用?|成本){gap(8)}{STAFF}{gap(4)}(?:承担|支付|负担|缴纳|分担)",
            rf"{STAFF}{gap(8)}(?:承担|支付|负担|缴纳){gap(10)}(?:签署|签订|签约|认证|数字证书|电子签名|公证|存证|工本)(?:的|所需|产生的|相关)?{gap(6)}(?:费用?|成本)",
            rf"(?:签署|签订|签约|认证|数字证书|电子签名|公证|存证)(?:的|所需|产生的|相关)?{gap(8)}(?:费用?|成本){gap(8)}双方(?:各|均|平均)?{gap(6)}(?:承担|分担|负担)",
        ),
        sentence=lambda words: say(
            "“{words}” lets the employee pay for the signing. Signing, certificate and copies are free of charge for "
            "the employee. Let the employer bear them.",
            words=words,
        ),
    ),
    Line(
        rule="resignation",
        article=say("LCL 37"),
        pattern=ways(
            rf"(?:未经|未获|没有|非经){gap(6)}{FIRM}{gap(10)}(?:批准|同意|许可|准许)[，,]?{gap(0)}{STAFF}?(?:不得|不能|不可|无权)(?:擅自|单方|自行)?(?:提出)?(?:离职|辞职|离开|解除劳动)",
            rf"(?:经|待|由){gap(4)}{FIRM}{gap(8)}(?:批准|同意|准许)后?[，,]?{STAFF}?(?:方可|才能|才可|方能|始得|方)(?:提出|办理)?(?:离职|辞职|解除劳动)",
            rf"(?:离职|辞职)(?:申请)?(?:须|需|应当?|必须)?{gap(4)}(?:经|由|待){gap(6)}(?:批准|审批|同意)(?:后|方)",
            rf"{STAFF}{gap(14)}(?:不得|不能|无权)(?:单方|提前|主动|擅自)?(?:提出)?(?:辞职|离职|解除劳动合同)",
            rf"(?:服务|工作|任职)(?:未)?满?{gap(8)}(?:之?前|以内|内)[，,]?{gap(6)}(?:不得|不能)(?:提出)?(?:辞职|离职|解除劳动合同)",
        ),
        follows=False,
        sentence=lambda words: say(
            "“{words}” makes leaving depend on the employer. An employee may resign with 30 days' notice, 3 in "
            "probation, and needs nobody's consent. Take it out.",
            words=words,
        ),
    ),
    Line(
        rule="training-service",
        article=say("LCL 22, 25"),
        pattern=ways(
            rf"(?:培训|课程|学习|考试){across(24)}服务期",
            rf"服务期{across(24)}(?:培训|课程|学习)",
            rf"(?:退还|返还|赔偿|补交|承担|支付){gap(10)}(?:培训|课程|学习)(?:费|成本|支出)",
        ),
        lawful=re.compile(r"专项(?:技术)?培训|专业技术培训|专项培训费用"),
        sentence=lambda words: say(
            "“{words}” ties training to a service period or a repayment. Only special training at the employer's own "
            "cost may carry one; training on secrecy, safety or the job may not. Take it out, or name the special "
            "training and its cost.",
            words=words,
        ),
    ),
    Line(
        rule="waiver",
        article=say("LCL 26; Social Insurance Law 58; SPC II 19"),
        pattern=ways(
            rf"(?:放弃|不(?:再|会)?以任何[^，。；]{{0,6}}(?:主张|提起|申请|要求)|不再?(?:主张|要求|追究|申请|享有)|{STAFF}{gap(8)}不(?:得|能)[^，。；]{{0,8}}(?:主张|申请|提起|要求)|无需?{FIRM}?(?:缴纳|参加)|不(?:予)?(?:缴纳?|参加|购买|办理)|免缴|免于缴纳|免除{FIRM}){gap(14)}"
            r"(?:社会保险|社保|养老保险|医疗保险|工伤保险|五险|公积金|加班(?:费|工资|报酬)?|仲裁|诉讼|起诉|申诉|投诉|举报|经济补偿|赔偿金|年休假|年假|带薪|工伤|最低工资|产假|双倍工资"
            r"|(?:一切|任何|全部|所有)(?:法定)?权利)",
            rf"{STAFF}{gap(8)}不(?:得|能|可)(?:(?!捏造|虚假|恶意)[^，。；]){{0,12}}(?:举报|投诉|仲裁|起诉|诉讼|申诉)",
            r"(?:社会保险费?|社保|加班费|加班工资|年休假|年假)[^，。；]{0,8}(?:自愿放弃|已包含在|包含于|折算入)[^，。；]{0,10}",
        ),
        lawful=re.compile(r"重复(?:主张|申请)|依法不"),
        sentence=lambda words: say(
            "“{words}” takes a right away that the law gives the employee: insurance, overtime pay, leave, arbitration "
            "and the like cannot be given up in advance. Such a clause is void. Take it out.",
            words=words,
        ),
    ),
    Line(
        rule="family",
        article=say("Employment Promotion Law 27"),
        pattern=ways(
            rf"(?:不得|不能|禁止|不可|不允许)(?!限制|干涉|禁止|因|以|要求){gap(6)}(?:结婚|婚育|生育|怀孕|恋爱|生子)",
        ),
        sentence=lambda words: say(
            "“{words}” restricts marriage or having children. No employer may agree such a thing. Take it out.",
            words=words,
        ),
    ),
    Line(
        rule="one-sided",
        article=say("LCL 26, 35"),
        pattern=ways(
            rf"{FIRM}{gap(8)}(?:有权|可以?|可随时){gap(10)}(?:单方面?|自行|随时)(?:调整|变更|修改|修订|解释){gap(10)}(?:本?协议|条款|约定|内容)",
            rf"(?:本?协议|条款){gap(8)}(?:由|归){FIRM}(?:单方面?)?{gap(4)}(?:变更|修改|调整)",
            rf"(?:本?协议|条款){gap(10)}(?:仅|只|统一)(?:由|归){FIRM}(?:保存|保管|持有|留存)",
            rf"{FIRM}(?:保留|享有){gap(8)}(?:修改|变更|调整){gap(8)}(?:本?协议|条款)?{gap(4)}(?:的)?权利?",
            rf"{STAFF}(?:不持有|不留存|不保留)(?:本?协议|协议文本|文本)",
        ),
        sentence=lambda words: say(
            "“{words}” lets the employer change the agreement alone, or keeps its text from the employee. It is "
            "changed by both in writing, and each holds a copy. Take it out.",
            words=words,
        ),
    ),
    Line(
        rule="last-word",
        severity="warning",
        article=say("Civil Code 498"),
        pattern=ways(
            rf"(?:最终|全部)?解释权(?:最终)?(?:归|属于?|由){gap(4)}{FIRM}",
        ),
        sentence=lambda words: say(
            "“{words}” gives the employer the last word on the meaning. A court reads a clause of standard terms "
            "against the one who wrote it, whatever is said here. Take it out.",
            words=words,
        ),
    ),
)


def found(sentences: Sequence[Sentence], lines: Sequence[Line] = LINES) -> Iterator[Finding]:
    """Each line that a sentence crosses, with the words that cross it first."""
    for sentence in sentences:
        for line in lines:
            match = first(sentence, line.pattern, follows=line.follows)
            if match is not None and not line.lawful.search(sentence.whole):
                yield Finding(
                    line.rule, line.severity, line.article, line.sentence(match.group()), sentence.line, match.group()
                )
