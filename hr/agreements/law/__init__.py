"""What the law forbids in an agreement with an employee, by topic: sentences in, findings out. All of it is pure.

Abbreviations of sources: LCL 劳动合同法, SPC I 最高人民法院关于审理劳动争议案件适用法律问题的解释（一）,
法释〔2020〕26号, SPC II 同解释（二）, 法释〔2025〕12号, Wage Provisions 工资支付暂行规定, PIPL 个人信息保护法.
"""
