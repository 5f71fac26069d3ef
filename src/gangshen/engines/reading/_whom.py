"""Whether a comma piece of an offer says whom it is for, or only who pays, for what each, why or how."""

from __future__ import annotations

import re

__all__ = ["STEP", "is_agent", "is_party", "is_purpose", "says_nobody", "without_choice", "without_payer"]

STEP = re.compile(
    r"(?:国家级|省级|州级|市级|区级|县级|第[一二三四五六七八九十][家个名档]|国际(?!化)|全国|[特一二三]等奖|[金银铜]奖|博士[^，、]{0,6}|硕士[^，、]{0,6}|本科[^，、]{0,6}|大专[^，、]{0,6}|[A-E]类|[^，、]{2,8}级)[^，、。]{0,8}$"
)
_DROP = re.compile(
    r"^并?(?:(?:补贴|扶持|奖励|补助|资助|支持|贴息|抵扣)(?:比例|金额|标准|额度)[^，]*|(?:第|连续)?[前后]?[\d一二三四五]+年(?:内)?(?:每月|每年)?(?:按(?:照)?[^，]*)?|每月|经(?:认定|评审|评定|考核|审核|评估|认可|核定|备案|评选)[^，的]{0,6}|按(?:照)?[^，]*|根据[^，]*|凭[^，]*|每年|一次性|最高|原则上|给予|分档|分级|(?:分[^，]{0,3}(?:[档类级年期批]|阶段|步))+|采[取用][^，的]{1,10}的?(?:方式|形式)|最长|从|并|可|以[^，]{0,12}(?:方式|形式)|择优|按规定|依法依规)$"
)
_APPROVED = re.compile(
    r"(?:并)?经[^，的]{1,16}(?:认定|评审|评定|考核|审核|评估|认可|核定|备案|评选|确认|审定|批准|同意|核实|审查|验收)(?:通过|合格|同意|备案)*(?:后|的)?"
)
_TIMING = re.compile(
    r"(?:自|从)[^，]{1,16}(?:起|之日起?|次年起?)(?:连续)?(?:\d+|[一二三四五])?(?:个)?(?:年|月)?内?|在[^，]{1,8}(?:年度|期间|期内)|在获得|在[^，]{2,20}基础上|(?:政策|补贴|贴息|奖励|享受)?(?:有效期|期限|期间|期)内?|视[^，]+|由[^，]{2,14}(?:公司|银行|部门|中心|单位|机构)|鉴于[^，]+|(?:前|第|首)[一二两三四五\d]+个?年(?:内)?|再?(?:增加|追加|额外|另行)+|(?:项目|企业|经?验收(?:合格|通过)?|建设)?(?:竣工|建成|投产|验收|认定|上市|落户|结题|完工|投用|投运|获批|达产|入库|挂牌)(?:合格|通过|运营|投产|使用)?后|为[^，]{2,20}，?"
)
_PAYER = (
    r"(?:由)?(?:中央|国家|省|市|区|县|镇|街道|街镇|园区|高新区|开发区|新区|经开区|本级|同级|各级|市县|市区|区县)*"
    r"(?:级)?(?:人民政府|政府|财政部门|财政局|财政|管委会|主管部门|专项资金)?(?:将|也|可|则|再|按规定|统筹|按比例|原则上|每年|全额|分别)*"
)
_PAYS = re.compile(_PAYER)
_PAYER_LAST = re.compile(
    r"(?:由)?(?:[省市区县]级?|本级|各级|市县|区县|园区|镇)(?:人民政府|政府|财政部门|财政局|财政|管委会)(?:将|也|可|则|再|按规定|统筹|原则上|每年)*$"
    r"|(?<=[，后])(?:省|市|区|县)级(?:将|也|可|则|再|按规定|统筹)*$"
)
_EACH = re.compile(
    r"[^，]{0,14}每(?:达到?|满|增加|新增|超过?|实现|提高|增长)[^，]*|(?:其中|并)?(?:每|单|同一|各)(?:一)?(?:个|家|户|项|件|台|套|名|人|次|场|款|位|年|期|批)?[^，的在为]{0,8}?(?:另行|再|可|按|另|年度|每年|最高|额外|各)*"
)
_EMPTY = re.compile(
    r"一次性[^，]{0,4}|(?:从|在)[^，]{2,20}中|单品种|免费期满后|(?:(?:每|各|单|同一)[家个]?)?(?:其中|并|企业|项目|单位|机构|人才|平台|个人|其|主体|分阶段|分档|分类|产品|方案|场景|活动|团队|载体)|由[^，]{1,6}财政|“[^”]{2,10}”(?:、?“[^”]{2,10}”)*"
)
_PARTY = re.compile(
    r"(?:企业|机构|人才|项目|平台|单位|个人|团队|者|社区|基地|主体|OPC|园区|载体|高校|中心|院校|医院|公司|银行|人员|研究生|毕业生|院士|教授|专家|工厂|车间|厂房|展会|仓库|总部|实验室|工作站|研究院|联盟|协会|商会|学院|活动|赛事|论坛|孵化器|加速器|空间|院所|场站|楼宇|专利权人|负责人|带头人|设计师|工程师)$"
)
_INTENDS = re.compile(r"依托|统筹|(?<!即)将(?!军)|构建|扩容|推进|完善|布局")
_PURPOSE = re.compile(
    r"(?:大力|积极|着力|充分|持续|全面|深入|进一步|加快|加速|鼓励|支持|引导|推动|每年|定期|探索)*"
    r"(?:建立|建设|打造|搭建|组建|设立|构建|强化|加强|加大|加快|深化|优化|提升|提高|推动|推进|推广|健全|完善|发挥|围绕|聚焦|瞄准|通过|依托|促进|培育|壮大|做强|做大|拓展|扩大|统筹|布局|落实|创新|探索|营造|激发|激励|实行|坚持|整合|建成|实施|开展|推行|丰富|夯实|引导|培养)"
)
_AGENT = re.compile(r"的[^的，]{0,14}(?:企业|机构|单位|个人|人才|团队|者|主体|OPC|园区|高校|公司|人员|总部|院校)$")
_CHOICE = re.compile(
    r"(?:每年)?(?:择优)?(?:遴选|评选|评定|征集|筛选)(?:确定|认定|发布)?(?:不超过|不少于|约)?(?:(?:\d+|[一二三四五六七八九十]+)[个家项名件](?:以上|左右|以内)?|一批)?"
)
_PRAISE = re.compile(
    r"(?:优质|优秀|重点|典型|标杆|重大|应用|解决|成熟|知名|的|[和与、及]|项目|企业|案例|场景|方案|产品|团队|平台|机构|需求|作品)*(?:(?:不超过|不少于|约)?\d+[个家项名件](?:以上|左右|以内)?)?"
)


def says_nobody(words: str, bare: str) -> bool:
    """Who pays, for what each, when, on whose approval: none of it decides who may ask."""
    return any(pattern.fullmatch(bare) is not None for pattern in (_EMPTY, _APPROVED, _TIMING, _PAYS, _EACH)) or bool(
        _DROP.match(words) or _DROP.match(bare)
    )


def is_party(bare: str) -> bool:
    """Ends with a kind of party, and is no purpose: 建立统一的服务平台 builds one, 建立平台的企业 is one."""
    named = re.sub(r"（[^）]*）$", "", bare)
    if _AGENT.search(named):
        return True
    return _PARTY.search(named) is not None and not is_purpose(named)


def is_agent(piece: str) -> bool:
    """获得贡献奖励的总部企业: whatever its verbs, it names someone."""
    return _AGENT.search(piece) is not None


def is_purpose(bare: str) -> bool:
    """建立统一的服务平台, 加强统筹协调: what the office will do."""
    return _INTENDS.search(bare) is not None or _PURPOSE.match(bare) is not None


def without_choice(words: str) -> str:
    """每年遴选10个创新性强的项目 → 创新性强的项目; nothing where only praise is left."""
    chosen = _CHOICE.match(words)
    if chosen is None:
        return words
    rest = words[chosen.end() :]
    return "" if _PRAISE.fullmatch(rest) else rest


def without_payer(words: str) -> str:
    """达到上市条件后省政府（给予…） → 达到上市条件后."""
    return _PAYER_LAST.sub("", words)
