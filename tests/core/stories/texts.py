# ruff: noqa: E501 -- a sentence is a line
"""Texts for the tests of stories: one story in each language, and families of look-alikes."""

STORIES = {
    "en": (
        "Lighthouse keepers to leave the last staffed tower in spring",
        (
            "The last two keepers of the lighthouse on Gannet Rock will leave in spring, the harbour"
            " authority said on Tuesday.",
            "Their lamp, which was lit in 1887, has been watched every night since, through two wars"
            " and a fire in 1951 that burned the stores.",
            "A sensor that costs 14,000 pounds takes their place; it rings a bell in a control room"
            " some 300 miles to the south.",
            "Fishermen from the villages nearby had asked for a delay, because the radio fails in"
            " heavy weather and a voice on the rock has saved boats before.",
            "The authority answers that nobody was rescued that way within the last eleven years.",
            "The keepers will hand over their log, all 412 volumes of it, to the county archive.",
        ),
    ),
    "zh": (
        "最后两名灯塔看守人将于明年春天离岗",
        (
            "港务部门周二表示，鹅岩岛灯塔的最后两名看守人将于明年春天离岗，结束有人值守的历史。",
            "这盏灯自1887年点亮以来，历经两次战争和1951年烧毁仓库的大火，每晚都有人守候。",
            "一台价值14万元的传感器将接替他们的工作，信号会传到300公里以外的控制室。",
            "附近村庄的渔民曾请求推迟，理由是恶劣天气下无线电常常失灵，岛上有人应答曾救过不少船只。",
            "港务部门回应称，过去十一年间没有一次救援是靠看守人完成的。",
            "看守人将把全部412册值班日志移交给县档案馆保存。",
        ),
    ),
    "ja": (
        "最後の灯台守が来春に島を離れる",
        (
            "港湾局は火曜日、カツオドリ岩の灯台に残る最後の二人の灯台守が来春に島を離れると発表した。",
            "1887年に点灯した灯りは、二度の戦争と1951年に倉庫を焼いた火事を越えて、毎晩見守られてきた。",
            "代わりに置かれるのは140万円のセンサーで、異常があれば300キロ南の管制室でベルが鳴る。",
            "近くの村の漁師たちは、荒天では無線が途切れ、岩からの声に船が救われたことがあるとして延期を求めていた。",
            "港湾局は、この十一年間にそのような救助は一度もなかったと説明している。",
            "灯台守は412冊の日誌をすべて郡の文書館に引き渡す。",
        ),
    ),
    "ko": (
        "마지막 등대지기 두 사람 내년 봄 섬 떠난다",
        (
            "항만청은 화요일 가넷 바위 등대에 남은 마지막 등대지기 두 사람이 내년 봄 섬을 떠난다고 밝혔다.",
            "1887년에 불을 밝힌 이 등대는 두 번의 전쟁과 1951년 창고 화재를 겪으면서도 매일 밤 사람이 지켜 왔다.",
            "이들을 대신할 감지기는 1400만 원짜리로, 이상이 생기면 300킬로미터 남쪽 관제실에 종이 울린다.",
            "인근 마을 어민들은 날씨가 나쁘면 무전이 끊기고 바위에서 들려온 목소리가 배를 구한 적이 있다며 연기를 요청했다.",
            "항만청은 지난 11년 동안 그런 구조는 한 번도 없었다고 답했다.",
            "등대지기들은 일지 412권을 모두 군 기록관에 넘길 예정이다.",
        ),
    ),
    "ar": (
        "آخر حارسين للمنارة يغادران الجزيرة في الربيع",
        (
            "أعلنت سلطة الميناء يوم الثلاثاء أن آخر حارسين لمنارة صخرة الأطيش سيغادران الجزيرة في الربيع المقبل.",
            "وقد أضيء المصباح عام 1887 وظل تحت المراقبة كل ليلة خلال حربين وحريق عام 1951 الذي أتى على المخازن.",
            "ويحل محلهما جهاز استشعار ثمنه 14000 دينار يقرع جرسا في غرفة تحكم تبعد 300 كيلومتر إلى الجنوب.",
            "وكان الصيادون في القرى المجاورة قد طلبوا التأجيل لأن اللاسلكي ينقطع في الطقس السيئ ولأن صوتا من الصخرة أنقذ قوارب من قبل.",
            "وردت السلطة بأن أحدا لم يُنقذ بهذه الطريقة خلال السنوات الإحدى عشرة الماضية.",
            "وسيسلم الحارسان سجلاتهما وعددها 412 مجلدا إلى دار المحفوظات في المقاطعة.",
        ),
    ),
    "ru": (
        "Последние смотрители маяка уедут с острова весной",
        (
            "Последние два смотрителя маяка на скале Олуши уедут весной, сообщило во вторник управление порта.",
            "Лампу зажгли в 1887 году, и с тех пор за ней следили каждую ночь, в две войны и в пожар 1951 года, когда сгорели склады.",
            "Их заменит датчик стоимостью 14000 рублей; он звонит в диспетчерской в 300 километрах к югу.",
            "Рыбаки из соседних деревень просили подождать, потому что в непогоду рация молчит, а голос со скалы уже спасал лодки.",
            "В управлении отвечают, что за последние одиннадцать лет так не спасли никого.",
            "Смотрители передадут в окружной архив все 412 томов своего журнала.",
        ),
    ),
}

DATELINES = {
    "en": "PORT ELLEN (Coast Agency) — ",
    "zh": "海岸通讯社3月4日电 ",
    "ja": "【港町＝海岸通信】",
    "ko": "(항구=해안통신) ",
    "ar": "ميناء إلين (وكالة الساحل) — ",
    "ru": "ПОРТ-ЭЛЛЕН. (Берег-Пресс) — ",
}

FOOTERS = {
    "en": "Sign up for our evening letter and read the best of the coast at supper.",
    "zh": "更多精彩内容请关注本报公众号，欢迎提供新闻线索。",
    "ja": "この記事へのご意見は編集部までお寄せください。",
    "ko": "기사 제보와 의견은 편집국 전자우편으로 보내 주시기 바랍니다.",
    "ar": "تابعوا نشرتنا المسائية لقراءة أجمل أخبار الساحل كل يوم.",
    "ru": "Подпишитесь на вечернюю рассылку и читайте лучшее с побережья за ужином.",
}

TEMPLATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "sports result": (
        "{town} Albion {a}-{b} Harbour Town",
        (
            "{town} Albion beat Harbour Town {a}-{b} on Saturday, with {name} scoring twice.",
            "The home side sat deep after the break and let the visitors have the ball, which they"
            " did little with.",
            "The manager praised the supporters and said that he takes it one game at a time.",
        ),
    ),
    "quarterly earnings": (
        "{name} Holdings reports quarterly results",
        (
            "{name} Holdings on Thursday reported net income of {a}.{b} million for the quarter.",
            "Adjusted for one-time costs, the profit came to {b}{a} cents a share, which exceeded"
            " what analysts had expected.",
            "This report was generated from data and reviewed by an editor before it was published.",
        ),
    ),
    "weather warning": (
        "Storm warning for {town}",
        (
            "The weather service has issued a storm warning for {town} and its surroundings.",
            "Residents should stay indoors, secure what may be blown about in gardens and on"
            " balconies, and keep away from the shore.",
            "Drivers should allow more time, and passengers should ask before they set out.",
        ),
    ),
    "obituary": (
        "Obituary: {name}",
        (
            "{name}, {a}{b}, of {town}, died at home on Sunday with the family present.",
            "The service will be held in the chapel at eleven, and the burial follows in the"
            " churchyard. Instead of flowers, gifts to the hospice are welcome.",
            "The family thanks the nurses for their care in the last months.",
        ),
    ),
    "opposite outcome": (
        "Court {verb} the appeal of {name}",
        (
            "The court of appeal on Friday {verb} the appeal of the former treasurer {name}.",
            "The case turned on invoices that had been altered to hide payments from a dredging firm"
            " to three officials of the harbour board.",
            "The trial had lasted nine weeks and heard more than sixty witnesses.",
        ),
    ),
    "spelled numbers": (
        "Bus leaves the road near {town}",
        (
            "{words} people were hurt when a bus left the road near {town} on Wednesday.",
            "The driver is being questioned. The road was closed for most of the day while the scene"
            " was examined.",
            "Witnesses are asked to come forward, the police said.",
        ),
    ),
    "recall": (
        "{name} recalls a toaster",
        (
            "{name} is recalling some {a}{b},000 toasters sold in {town}, as they may catch fire.",
            "Stop using the product at once and ask for a refund or a free replacement. No proof of"
            " purchase is needed.",
            "The model number stands on a label on the underside.",
        ),
    ),
    "subsidiary": (
        "Veltra {town} has a new director",
        (
            "Veltra {town}, a part of the Veltra group, has appointed {name} its director.",
            "Our customers expect that we deliver, and our people do so every day, said the head of"
            " the group, who hopes for many good years.",
            "The group has forty warehouses and eleven thousand people in nine countries.",
        ),
    ),
    "job": (
        "Data engineer at {name}",
        (
            "{name} looks for a data engineer to join the team in {town}.",
            "We offer thirty days of holiday, a budget for courses, and an office that is easy to"
            " reach by tram.",
            "Write us a short letter and say when you can start. We answer within two weeks.",
        ),
    ),
    "closing report": (
        "Shares close {up} at the end of the week",
        (
            "The index of leading shares closed {up} on Friday, {a}.{b} per cent away from the day"
            " before, in quiet trade.",
            "{name} Mining led the list, while banks and insurers hardly moved. Dealers spoke of a"
            " market without direction.",
            "The crown stood at 2{a}.{b}{a} to the euro. Oil and gold were little changed.",
        ),
    ),
    "serial": (
        "The Keeper's Daughter, chapter {words}",
        (
            "Our serial appears every evening. What happened before can be read in the archive.",
            "{name} went down to {town} that night, and the lamp in the tower was lit {a} times.",
            "To be continued tomorrow. The book is sold in all shops of the county from May.",
        ),
    ),
    "release": (
        "Quill 3.{a} is out",
        (
            "We are glad to announce Quill 3.{a}, which anybody can download from today on.",
            "It starts faster, needs less memory, and reads files that were written by older"
            " releases. Plug-ins must be built anew.",
            "We thank {words} people who sent patches, and everybody who tested this release.",
        ),
    ),
    "denial": (
        "Harbour board {confirms} talks with {name}",
        (
            "The harbour board {confirms} that it talks with {name} about the sale of the old docks.",
            "The docks have stood empty since the ferry moved, and their roofs are falling in.",
            "A decision would have to be taken by the county before the end of the year.",
        ),
    ),
    "rate decision": (
        "Central bank leaves its rate where it is",
        (
            "The central bank left its key rate at {a}.{b} per cent on Thursday, as had been expected.",
            "Inflation will return to the target within the horizon of the forecast, the board said,"
            " and the risks are balanced.",
            "Two of the seven members voted for a change. The minutes appear in a fortnight.",
        ),
    ),
    "missing person": (
        "Police look for a missing man",
        (
            "The police look for {name}, {a}{b}, who has been missing from home in {town} since Monday.",
            "He is of slim build, has short grey hair, and was last seen in a dark coat.",
            "Whoever has seen him is asked to call the station or the nearest officer.",
        ),
    ),
    "road works": (
        "Road closed for works",
        (
            "The main road through {town} will be closed for works from Monday for {words} weeks.",
            "Diversions are signed. Buses stop at the church instead of the market place.",
            "The council asks for patience and apologises for the inconvenience.",
        ),
    ),
    "lottery": (
        "Lottery: the numbers of the day",
        (
            "The numbers drawn tonight are {a}, 1{b}, 2{a}, 3{b} and 4{a}; the bonus is {b}{a}.",
            "Nobody guessed all of them, so that the prize grows by half a million.",
            "All figures are given without warranty. Players must be eighteen years old.",
        ),
    ),
    "訃報": (
        "{人}さん死去",
        (
            "{人}さんが{数}日、病気のため{town}の自宅で死去した。{a}{b}歳だった。",
            "葬儀は近親者のみで行い、後日お別れの会を開く予定。喪主は長男が務める。",
            "長年にわたり地域の文化の振興に力を尽くし、多くの人に慕われていた。",
        ),
    ),
    "地震": (
        "{镇}で震度{a}の地震",
        (
            "{数}日午前{b}時ごろ、{镇}沖を震源とする地震があり、{镇}で震度{a}を観測した。",
            "気象台によると、この地震による津波の心配はない。震源の深さはごく浅いとみられる。",
            "揺れの強かった地域では、家屋の倒壊や土砂災害の危険性が高まっているおそれがあり、注意が必要だ。",
        ),
    ),
    "人事": (
        "{人}氏が新社長に",
        (
            "港湾運輸は{数}日、{人}専務が社長に昇格する人事を発表した。就任は来月の株主総会の後になる。",
            "現社長は代表権のある会長に就く。経営体制を若返らせ、成長を加速させる狙いがあるという。",
            "新社長は記者会見で、現場の声に耳を傾けながら、一つずつ課題を解決していきたいと述べた。",
        ),
    ),
    "大会の結果": (
        "高校野球、{镇}高校が{a}対{b}で勝利",
        (
            "高校野球の地区大会は{数}日、{镇}高校が{a}対{b}で勝ち、準々決勝に進んだ。",
            "序盤は投手戦となったが、中盤に打線がつながり、一気に流れを引き寄せた。",
            "監督は試合後、選手たちは最後まで集中を切らさずに戦ってくれたと話した。",
        ),
    ),
    "부고": (
        "[부고] {人}씨 별세",
        (
            "{人}씨가 {数}일 {镇} 자택에서 별세했다. 향년 {a}{b}세.",
            "빈소는 시립병원 장례식장에 마련됐으며 발인은 사흘 뒤 아침에 엄수된다.",
            "유족은 조화와 부의금을 정중히 사양하며 조문객들의 건강을 바란다고 전했다.",
        ),
    ),
    "증시": (
        "코스피 {a}{b}포인트 움직여 마감",
        (
            "코스피가 {数}일 전 거래일보다 {a}{b}.{b}{a}포인트 움직인 채 거래를 마쳤다.",
            "외국인과 기관의 매매가 엇갈리는 가운데 뚜렷한 방향을 잡지 못한 채 등락을 거듭했다.",
            "시장 관계자들은 다음 주 발표될 물가 지표를 앞두고 관망하는 분위기가 짙었다고 설명했다.",
        ),
    ),
    "인사 발령": (
        "{镇}시 인사",
        (
            "{镇}시는 {数}일 자로 {人} 과장을 신임 국장으로 임명하는 인사를 단행했다.",
            "시 관계자는 능력과 성과를 중심으로 한 인사라며 조직의 활력을 높이는 데 중점을 뒀다고 밝혔다.",
            "후속 인사는 이달 말까지 마무리될 예정이며 업무 공백이 없도록 인수인계를 서두르기로 했다.",
        ),
    ),
    "طقس": (
        "حالة الطقس غدا في {镇}",
        (
            "توقعت الأرصاد أن تبلغ درجة الحرارة العظمى غدا في {镇} نحو {a}{b} درجة مئوية.",
            "وتكون الرياح خفيفة إلى معتدلة السرعة، مثيرة للغبار أحيانا في المناطق المكشوفة.",
            "ونصحت الأرصاد بتجنب التعرض المباشر لأشعة الشمس والإكثار من شرب السوائل خلال النهار.",
        ),
    ),
    "مباراة": (
        "فوز فريق {镇} بنتيجة {a}-{b}",
        (
            "فاز فريق {镇} على ضيفه بنتيجة {a}-{b} في مباراة أقيمت مساء السبت ضمن الدوري.",
            "وبدأ أصحاب الأرض اللقاء بضغط متواصل، ثم تراجعوا في الشوط الثاني للحفاظ على تقدمهم.",
            "وأشاد المدرب بجماهير الفريق وقال إن الطريق لا يزال طويلا وإن التركيز ينصب على المباراة المقبلة.",
        ),
    ),
    "نعي": (
        "وفاة {name}",
        (
            "توفي أمس {name} عن عمر ناهز {a}{b} عاما بعد صراع طويل مع المرض.",
            "وتقام صلاة الجنازة بعد صلاة العصر في المسجد الكبير، ثم يوارى الجثمان الثرى في مقبرة الأسرة.",
            "وتتقبل الأسرة العزاء في منزل الفقيد لمدة ثلاثة أيام، وتسأل الله أن يلهم ذويه الصبر والسلوان.",
        ),
    ),
    "погода": (
        "Погода на завтра: {town}",
        (
            "Завтра в городе {town} ожидается до {a}{b} градусов, ветер юго-западный, {b} метров в секунду.",
            "Местами пройдут кратковременные дожди, на дорогах возможен туман, видимость ухудшится.",
            "Спасатели просят водителей соблюдать дистанцию и без необходимости не выезжать за город.",
        ),
    ),
    "авария": (
        "Авария на трассе под городом {town}",
        (
            "На трассе под городом {town} в среду столкнулись две машины, пострадали {a} человека.",
            "Движение было перекрыто несколько часов, пока на месте работали следователи и спасатели.",
            "Очевидцев просят сообщить обо всём, что они видели, по телефону дежурной части.",
        ),
    ),
    "матч": (
        "«{town}» сыграл {a}:{b}",
        (
            "Футболисты клуба «{town}» в субботу закончили домашний матч со счётом {a}:{b}.",
            "Хозяева с первых минут владели мячом, но моменты создавали гости, которым мешала штанга.",
            "Главный тренер поблагодарил болельщиков и сказал, что команда готовится к следующей игре.",
        ),
    ),
    "날씨": (
        "{town} 내일 날씨",
        (
            "기상청은 내일 {town} 지역이 대체로 흐리고 낮 최고 기온이 {a}{b}도에 머물겠다고 예보했다.",
            "바다의 물결은 다소 높게 일겠으니 조업하는 배들은 안전에 유의해야 한다.",
            "건조한 날씨가 이어지므로 산불 등 화재 예방에 각별히 주의해 달라고 당부했다.",
        ),
    ),
    "سعر الصرف": (
        "سعر الصرف اليوم",
        (
            "أعلن البنك المركزي أن سعر صرف الدينار مقابل اليورو بلغ اليوم {a}.{b} في نهاية التعامل.",
            "وتنشر هذه الأسعار للعلم فقط ولا يجوز الاستناد إليها في أي معاملة تجارية أو مصرفية.",
            "ويحق للمصارف ومكاتب الصرافة أن تحدد أسعارها بنفسها وفق العرض والطلب.",
        ),
    ),
    "курс": (
        "Курс валюты на сегодня",
        (
            "Банк установил официальный курс евро на сегодня в размере {a}{b},{b}{a} рубля.",
            "Сведения публикуются для ознакомления и не обязывают банк покупать или продавать валюту.",
            "Обменные пункты вправе устанавливать собственные курсы для своих клиентов.",
        ),
    ),
    "更正": (
        "{人}任职{否}获批准",
        (
            "监管部门{否}批准{人}出任该公司总经理，有关文件于当天公布。",
            "该公司成立于上世纪九十年代，主要经营港口装卸和仓储业务，员工约两千人。",
            "公司表示将按照规定履行信息披露义务，请投资者注意投资风险。",
        ),
    ),
    "暴雨预警": (
        "{镇}发布暴雨预警",
        (
            "{镇}气象台今日发布暴雨预警信号，预计未来数小时{镇}大部分地区有强降雨。",
            "请有关单位做好防范准备，检查排水系统；驾驶人员注意道路积水，确保安全。",
            "学校应当采取适当措施，保证学生安全，并转移危险地带的居民。",
        ),
    ),
    "法院公告": (
        "法院公告",
        (
            "{人}：本院受理{人}房屋租赁合同纠纷一案，现依法公告送达起诉状副本及开庭传票。",
            "自发出公告之日起，经过三十日即视为送达，举证期限为送达期满后的十五日内。",
            "本案定于第{数}日上午在本院第{数}法庭公开开庭审理，逾期将依法裁判。",
        ),
    ),
    "基金净值": (
        "{人}成长基金净值公告",
        (
            "{人}成长混合型基金今日单位净值为1.{a}{b}元，累计净值为2.{b}{a}元。",
            "管理人承诺以诚实信用的原则管理基金资产，但不保证盈利，也不保证最低收益。",
            "投资者应当认真阅读基金合同，根据自身的风险承受能力选择产品。",
        ),
    ),
}

SLOTS: tuple[dict[str, str], ...] = (
    {"town": "Alderby", "name": "Mara Quill", "a": "3", "b": "1", "verb": "dismissed"}
    | {"up": "higher", "confirms": "confirms", "否": "已"}
    | {"words": "Three", "镇": "临川镇", "人": "王立新", "数": "三"},
    {"town": "Brackwater", "name": "Jon Osei", "a": "5", "b": "2", "verb": "upheld"}
    | {"up": "lower", "confirms": "denies", "否": "未"}
    | {"words": "Seven", "镇": "石泉镇", "人": "李建华", "数": "五"},
    {"town": "Corrie Bay", "name": "Lena Voss", "a": "4", "b": "0", "verb": "adjourned"}
    | {"up": "unchanged", "confirms": "does not confirm", "否": "不予"}
    | {"words": "Eleven", "镇": "望河镇", "人": "陈桂芳", "数": "七"},
)


def filled(family: str, slots: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return the title and paragraphs of a look-alike."""
    title, paragraphs = TEMPLATES[family]
    return title.format(**slots), tuple(part.format(**slots) for part in paragraphs)
