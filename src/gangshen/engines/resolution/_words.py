"""The word stock of registered names: legal forms, trades, branch words, numerals, old characters."""

from __future__ import annotations

import re
from importlib.resources import files

__all__ = [
    "BODIES",
    "BRANCH",
    "DIRECTIONS",
    "GROUP",
    "INSTITUTIONS",
    "LOOKALIKES",
    "MARKET_MARK",
    "NUMERALS",
    "ORDINAL",
    "SIMPLIFIED",
    "TRADES",
    "split_trades",
]

NUMERALS = frozenset("零〇一二三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾0123456789")
DIRECTIONS = frozenset("东南西北中上下前后左右内外大小新老")
INSTITUTIONS = ("大学", "学院", "医院", "中学", "小学")
"""Bodies that others are named after: 某某大学某地研究院 is not the university."""
GROUP = ("企业集团", "集团", "控股")

BODIES = frozenset("店部处所站厂点社行会分支室组队校库场馆屋铺")
"""How the names of bodies end that are no companies: a name longer by one of them is of a dependent body."""

ORDINAL = re.compile(
    r"第[零〇一二三四五六七八九十百0-9]+|\d+|"
    r"[一二三四五六七八九十]+(?=(?:分?公司|分?厂|分?店|分?队|分?社|分?院|分?校|分?所|分?部|处|号|车间|工区|工程处|站|期|局|矿|库|建|冶|化建|化|中|小|支|营|片|门市部|项目部)(?:$|有限|建筑|安装|建设|工程|集团|分|公司|[\u4e00-\u9fff]{0,3}$))"
)
"""An ordinal or number: 第二, 12, and the 二 of 二公司. Bodies that differ in it are different bodies."""

BRANCH = re.compile(
    r"分公司|支公司|子公司|分支机构|分理处|储蓄所|营业部|营业厅|营业所|门市部|经营部|经销部|销售部|服务部|项目部|"
    r"办事处|代表处|联络处|工会委员会|工会|党委|党支部|党总支|委员会|分行|支行|分店|分厂|分社|分院|分校|分所|分部|"
    r"分局|分场|分中心|连锁店|专卖店|加盟店|旗舰店|加油站|充电站|车间|工区|食堂|招待所|幼儿园|子弟学校|(?:分|支)$"
)
"""What a dependent body is called. A name with one and a name without are different bodies."""

MARKET_MARK = re.compile(
    r"^(?:退市|pt|xd|xr|dr|nst|n|c|s?\*?st|s(?=[\u4e00-\u9fff]))+(?=[\u4e00-\u9fff])|(?:[abh]股?|-?[uwv]d?|退)$"
)
"""What an exchange adds to a short name: ST, *ST, S, 退市, a trailing A or B."""

TRADES = frozenset((files(__package__) / "data" / "trades.csv").read_text(encoding="utf-8").split()[1:])
"""Words that say what a firm does: many firms share them."""
_LONGEST = max(map(len, TRADES))


def split_trades(text: str) -> tuple[int, int]:
    """How ``text`` falls into trade words: (number of words, characters left over). Least left over, then fewest.

    >>> split_trades("电子科技")
    (1, 0)
    >>> split_trades("煌电子")
    (1, 1)
    """
    best = [(0, 0)]  # characters left over, words, of each beginning
    for end in range(1, len(text) + 1):
        left, words = best[end - 1]
        found = (left + 1, words)
        for start in range(max(0, end - _LONGEST), end - 1):
            if text[start:end] in TRADES:
                left, words = best[start]
                found = min(found, (left, words + 1))
        best.append(found)
    left, words = best[-1]
    return words, left


_OLD = (
    "國国業业實实電电機机東东華华廣广區区縣县鄉乡鎮镇經经濟济貿贸發发動动車车運运輸输銀银鐵铁鋼钢銅铜鋁铝礦矿產产製制藥药醫医療疗"
    "學学術术數数碼码網网絡络訊讯聯联聲声視视傳传廠厂開开關关門门間间閣阁龍龙鳳凤馬马鳥鸟魚鱼農农種种糧粮飲饮飯饭館馆餅饼麵面酒酒"
    "資资財财貨货購购銷销質质賢贤賽赛贏赢億亿優优儀仪價价億亿個个們们備备傑杰倫伦偉伟僑侨儲储萬万與与專专導导將将層层屬属島岛嶺岭"
    "峽峡壩坝場场塊块墻墙壽寿夢梦奪夺奮奋妝妆婦妇娛娱寧宁寶宝審审對对尋寻屆届師师帶带幣币庫库應应廟庙廳厅彈弹強强復复愛爱態态慶庆"
    "憲宪戰战戶户擇择擔担據据掛挂損损搖摇撥拨擴扩攝摄敵敌斷断時时晝昼暢畅曉晓書书會会條条極极構构標标樣样樹树橋桥檢检檔档權权歐欧"
    "歡欢歲岁殺杀氣气氫氢決决沒没滬沪淺浅測测湯汤溫温滅灭滿满漁渔漢汉潔洁澤泽濱滨灣湾煉炼煙烟煥焕熱热燈灯營营爐炉爾尔環环現现瑪玛"
    "瑤瑶瓊琼畫画當当療疗監监盤盘盧卢睿睿礎础祿禄禮礼離离稅税穀谷積积穩稳窯窑競竞筆笔節节範范築筑簡简籌筹紅红約约級级紙纸純纯紡纺"
    "細细組组結结統统絲丝綠绿維维綜综綿绵緊紧線线編编緣缘縱纵總总織织繡绣繼继續续罷罢羅罗義义習习聖圣聚聚職职聽听肅肃勝胜腦脑臨临"
    "興兴舊旧艦舰艙舱藍蓝藝艺蘇苏蘭兰處处號号虛虚蟲虫術术衛卫裝装裡里補补複复規规覽览觀观計计訂订記记訓训設设許许訪访診诊評评詞词"
    "試试詩诗話话誠诚認认語语課课調调論论諮咨謝谢證证識识護护變变讓让豐丰貝贝責责費费貼贴賀贺賓宾賴赖贊赞躍跃軌轨軍军軟软軸轴較较"
    "載载輕轻輛辆輝辉輪轮農农這这進进遊游過过達达違违遠远適适選选遼辽還还邊边郵邮鄧邓鄭郑醬酱釀酿釋释針针鈞钧鈦钛鈴铃鉅巨鋒锋錄录"
    "錢钱錦锦鍋锅鍛锻鎂镁鎮镇鏡镜鐘钟鑄铸鑫鑫長长閃闪閉闭閱阅闆板隊队陽阳陰阴陳陈陸陆際际隨随險险隱隐雙双雜杂雞鸡雲云電电霧雾靈灵"
    "靜静韓韩響响頁页頂顶項项順顺預预領领頭头頻频題题類类顧顾顯显風风飛飞駐驻駕驾騰腾驗验驛驿驚惊鮮鲜鴻鸿鵬鹏鶴鹤鷹鹰鹽盐麗丽麥麦"
    "黃黄點点齊齐齒齿龜龟臺台灣湾聞闻樂乐習习滙汇匯汇彙汇盡尽範范後后準准鬆松遙遥墾垦澱淀樓楼櫃柜燒烧燦灿爍烁獎奖獨独璽玺異异疊叠"
)
_ALIKE = (
    "己已巳 未末 土士 日曰 人入 大太犬 千干于 天夫 午牛 田由甲申 茶荼 晴睛 侯候 析折 治冶 洒酒 戊戌戍 徽微 徒徙 壁璧 薄簿 辩辨 暑署 "
    "拔拨 材村 特持 鸟乌 今令 名各 免兔 历厉 师帅 冰水 贝见 友反 代伐 史吏 亨享 券卷 旅施 幕墓慕 蓝篮 昌晶 淮准 刚钢 明朋 白自百 目且 "
    "王玉主 万方 力刀 兴与 住佳 往住 阳阴 汽气 坏环 洋详 诚城 诚成 景影 栋拣 裕浴 宏宠 泰秦 丰卡 元无 几凡 乐东 农衣 木本 林材 科料 "
    "荣菜 祥详 顺须 鸿鸣 海悔 源原 湖潮 银根 铜钢 隆降 康庚 瑞端 驰弛 博搏 诺若 凯剀 峰锋 恒桓 汇江 润涧 盛盔 晟晨 旭旮"
)
LOOKALIKES: dict[str, set[int]] = {}
"""Characters that are mistaken for one another by eye: character → groups it is in."""
for _number, _group in enumerate(_ALIKE.split()):
    for _letter in _group:
        LOOKALIKES.setdefault(_letter, set()).add(_number)
SIMPLIFIED = dict(zip(_OLD[::2], _OLD[1::2], strict=True))
"""Traditional characters that occur in firm names, and what they are written as in a register of the mainland."""
