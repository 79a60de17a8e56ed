"""The person: biometrics, data, a private phone, and what an inventor or author keeps."""

import re
from collections.abc import Iterator, Sequence

from hr.agreements.law import lines
from hr.agreements.law.lines import Line, ways
from hr.agreements.law.wording import FIRM, LEAVING, STAFF, Finding, Sentence, across, first, gap, periods
from kernel.text import say

_DATA = r"(?:个人信息|个人资料|个人数据|信息|资料|数据|照片|肖像|声音|隐私)"
_ALL = (
    r"(?:任意|无限制?|不受限制|任何(?:目的|用途|方式|场合|情形)"
    r"|一切(?:目的|用途)?|所有(?:目的|用途)|永久|无期限|无条件|不可撤销|不可撤回)"
)
_FACE = r"(?:人脸|面部|刷脸|指纹|虹膜|声纹|掌纹|生物(?:特征|识别))"

LINES: tuple[Line, ...] = (
    Line(
        rule="biometrics",
        article=say("PIPL 28, 29; Rules on face recognition (2025) 10"),
        pattern=ways(
            rf"(?:必须|须|只能|仅能|仅可|仅限|仅支持|只支持|一律|唯一|应当?){gap(14)}{_FACE}",
            rf"{_FACE}{gap(16)}(?:唯一|为准|必须|一律|不得拒绝)",
            rf"{STAFF}{gap(6)}(?:不得|无权)拒绝{gap(8)}{_FACE}",
        ),
        lawful=re.compile(
            r"或者?(?:其他|短信|验证码)|其他(?:同等|验证|核验)?方式|替代|自愿|可以选择|单独同意|不作为唯一|不是唯一|非唯一"
        ),
        sentence=lambda words: say(
            "“{words}” makes face, fingerprint or the like the only way. Such data need a purpose, a separate consent "
            "and another way that does as well. Offer a code by SMS or mail.",
            words=words,
        ),
    ),
    Line(
        rule="personal-data",
        article=say("PIPL 6, 13, 14, 19"),
        pattern=ways(
            rf"(?:同意|授权|许可|允许){gap(20)}{_ALL}{gap(14)}{_DATA}",
            rf"(?:同意|授权|许可|允许){gap(20)}{_DATA}{gap(14)}{_ALL}",
            rf"{FIRM}{gap(8)}(?:有权|可以?){gap(6)}{_ALL}{gap(10)}(?:使用|处理|收集|公开|提供|保存){gap(8)}{_DATA}",
            rf"{_DATA}{gap(8)}(?:用于|供|用作){gap(8)}{_ALL}",
            rf"{_DATA}{gap(8)}(?:永久|无限期|无期限)(?:地)?(?:保存|保留|留存|存储)",
            rf"(?:永久|无限期|无期限)(?:地)?(?:保存|保留|留存|存储|使用){gap(8)}{_DATA}",
            rf"(?:向|给)任何第三[方人]{gap(6)}(?:提供|披露|公开|转让){gap(8)}{STAFF}?{gap(4)}(?:个人信息|照片|肖像)",
        ),
        lawful=re.compile(r"商业秘密|保密信息|技术秘密|经营信息|客户信息|技术信息"),
        sentence=lambda words: say(
            "“{words}” lets personal data be used without an end or for anything. A use has a purpose, the least data "
            "and the shortest time, and a consent can be taken back. Name them.",
            words=words,
        ),
    ),
    Line(
        rule="privacy",
        article=say("Civil Code 1032, 1033; PIPL 6"),
        pattern=ways(
            rf"(?:检查|查看|监控|监听|查阅|调取|翻阅|搜查){gap(8)}(?:私人|个人|本人|家庭|住所|{STAFF}的){gap(6)}(?:手机|电话|微信|邮箱|邮件|聊天|社交|通讯|通信|账号|电脑|住宅|住所|物品|银行)",
        ),
        lawful=re.compile(r"工作(?:手机|邮箱|账号|电脑|设备)|经(?:乙方|员工|本人)(?:单独)?同意"),
        sentence=lambda words: say(
            "“{words}” lets the employer look into what is private. It may look into work devices and accounts, for a "
            "named reason. Limit it to these.",
            words=words,
        ),
    ),
    Line(
        rule="authorship",
        article=say("Patent Law 15, 16; Copyright Law 18"),
        pattern=ways(
            rf"(?:放弃|不享有|不再享有|无权主张|不得主张|不得要求){gap(14)}(?:署名|发明人|设计人|职务发明[^，。；]{{0,4}}(?:奖励|报酬)|奖励和报酬|奖酬)",
            r"(?:署名权|发明人身份)(?:归|属于?|由)(?:甲方|公司|用人单位)",
        ),
        sentence=lambda words: say(
            "“{words}” takes the name or the reward of an inventor or author away. Inventors of a job invention are "
            "named and rewarded, whoever owns it. Take it out.",
            words=words,
        ),
    ),
    Line(
        rule="inventions",
        severity="warning",
        article=say("Patent Law 6; Implementing Rules 13"),
        pattern=ways(
            rf"{STAFF}{gap(4)}(?:一切|全部|所有)(?:的)?{gap(6)}(?:发明|成果|作品|知识产权|创作){across(16)}(?:归|属于?|由){gap(4)}{FIRM}",
            rf"(?:在职期间|任职期间|工作期间|合同期内|劳动关系存续期间){gap(12)}(?:一切|任何|全部|所有){gap(10)}(?:发明|成果|作品|知识产权|创作){across(16)}(?:归|属于?|由){gap(4)}{FIRM}",
        ),
        lawful=re.compile(r"职务|本职|执行(?:甲方|公司|本单位)|主要(?:是)?利用|工作任务|业务范围"),
        sentence=lambda words: say(
            "“{words}” gives the employer everything the employee makes. What belongs to it is what was made in the "
            "job, for its tasks or mainly with its means. Name these.",
            words=words,
        ),
    ),
)
_LATER = re.compile(
    rf"{LEAVING}(?:之)?后{across(30)}(?:发明|专利|成果|创作|作品){across(24)}(?:归|属于?|由){gap(4)}{FIRM}"
)
YEAR = 12.0


def found(sentences: Sequence[Sentence]) -> Iterator[Finding]:
    yield from lines.found(sentences, LINES)
    for sentence in sentences:
        match = first(sentence, _LATER)
        if match is not None and any(period.months > YEAR + 0.01 for period in periods(match.group())):
            told = say(
                "“{words}” reaches for inventions later than one year after the end. A job invention is one that was "
                "made within a year and belongs to the former tasks. Write one year, and these tasks.",
                words=match.group(),
            )
            article = say("Patent Law 6; Implementing Rules 13")
            yield Finding("inventions", "error", article, told, sentence.line, match.group())
