# 程序接口（/api/v1）：调用未能执行的原因。

api-not-found = 此处没有该项内容，或者该人员无权查看。
api-method-not-allowed = 此地址不能这样操作。可用的操作见 /api/v1/openapi.json。
api-unauthorized = 令牌无法识别。请发送 `Authorization: Bearer` 及本节点人员的令牌。
api-not-your-office = 该事项由另一机关办理，须由该机关人员处理。
api-not-your-role = 该人员没有可以办理此事的职责。有权办理的角色：{ $roles }。
api-malformed = 所发送的内容无法读取，位置见 `detail`。
api-malformed-at = `{ $at }`的内容不符合要求：{ $why }。以`entente request template TYPE --json`可查看各项格式。
api-malformed-act = 文书中`{ $at }`的内容不符合要求：{ $why }。以`entente request do CASE ACT --template`可查看各项格式。
api-no-such-instrument = 本节点没有该名称的合作文件。现有：{ $instruments }。
api-gate-not-asked = 目前无须就“{ $gate }”提出审查意见。目前所需的审查事项：{ $asked }。
api-gate-not-asked-none = 目前无须就“{ $gate }”或者其他任何审查事项提出审查意见。
api-too-large = 所发送的内容超过限额。文件请作为附件发送。
api-not-json = 须为 JSON。请发送 `Content-Type: application/json`。
api-too-many-calls = 该人员同时进行的调用过多。请待其中之一结束后再试。
api-use-match = 隐私比对的步骤须由 /api/v1/cases/案件编号/match 采取。
api-use-drafts = 请求须由草稿提交。请先在 /api/v1/drafts 建立草稿。
api-unknown-attachment = 所列附件未曾为本案上传。请先上传，再以其根哈希值列明。
api-not-here-yet = 该文件尚未完整到达，请稍后再试。
api-key-reused = 该幂等键已用于另一次调用。每次调用请用新的键。
api-bad-key = 幂等键须为 1 至 128 个普通字符。
api-machine-only = 期限届满时由节点自动办理。
api-busy = 他人正在修改同一事项，请稍后再试。

## 无法读取的威胁信息包：原因、位置与处理办法

refusal-unreadable-indicators = “{ $field }”中的威胁信息包无法读取：{ $finding ->
    [bad-choice] 值不在其列表之内
    [bad-hash] 哈希值不符合其算法的格式
    [bad-id] 标识符不是“类型、两个连字符加 UUID”的形式
    [bad-name] 属性名含有 STIX 不允许的字符
    [bad-order] 时间先后颠倒
    [bad-pattern] 模式不符合其语言的语法
    [bad-selector] 标识所选的部分并不存在
    [bad-time] 时间不是 2026-01-31T12:00:00Z 的形式
    [bad-type] 类型名称无效
    [bad-value] 值与其种类不符
    [byte-order-mark] 文件以字节顺序标记开头
    [conflict] 两项属性相互矛盾
    [duplicate-key] 同一键出现两次
    [empty-list] 列表为空
    [missing-property] 缺少必备属性
    [not-a-bundle] 是 JSON，但不是 STIX 2.1 威胁信息包
    [not-json] JSON 不完整，可能已被截断
    [not-utf8] 不是 UTF-8 文本
    [null-value] 属性值为空（null）
    [redefined-marking] 改变了标准共享标识的含义
    [same-id] 标识符相同的两个对象内容不一
    [too-deep] 嵌套层次过深
    [too-large] 内容过大
    [too-many-objects] 对象过多
    [too-many-values] 值过多
    [unknown-type] 对象类型不属于 STIX 2.1
    [wrong-kind] 值的种类不对
    [wrong-version] 不是 STIX 2.1 版本
    [key-too-long] 属性名过长
    [lone-surrogate] 文本含有不成对的代理码位
    [not-a-number] 数值无效
    [number-range] 数值无法原样保存
    [text-too-long] 文本过长
   *[other] 内容有误
}。位置：{ $at }；共有错误 { $count } 处。请在该处更正后重新填入，或者作为文件发送；更正之前不予保存，也不予签署。

## 命令行

todo-look = 查看现有内容：`{ $command }`。编号须按清单所示完整填写。
todo-token = 请在节点所在处签发令牌，并以 --token 或 $ENTENTE_TOKEN 提供：`{ $command }`。
todo-officer = 须由另一人员办理；各人员的角色见：`{ $command }`。
todo-offices = 应由何机关办理，见：`{ $command }`。
todo-lacks = 逐项查看所缺内容：`{ $command }`。
todo-template = 各项格式见：`{ $command }`。
todo-own-law = 本国法律方面尚未答复的问题见：`{ $command }`。
todo-gate = 有权提出审查意见者以下列命令提出：`{ $command }`。
todo-read = 请先阅看现有内容再行办理：`{ $command }`。
todo-next = 目前可以办理的事项及办法见：`{ $command }`。
template-do = 请填写后执行：{ $command }。两个引号之间为空即为待填。需要的项目请去掉行首的 #。
template-attach = 文件另以 --attach 文件 附上，每个文件一次。
kind-words = 文字，每种语言各一
kind-line = 一行文字
kind-number = 数字
kind-yes-no = true（是）或 false（否）
kind-date = 日期，如 2026-12-31
kind-time = 协调世界时的时刻，如 2026-12-31T18:00:00Z
kind-list = 清单
kind-group = 由数项组成
kind-choice = 从所列选项中选择
do-blank = 文件中下列各项未填写：{ $parts }。
do-unknown = 该文书没有下列项目：{ $parts }。
do-template = 各项及其选项见：`{ $command }`。
next-prepared = 由一名人员起草，他人审阅并提出审查意见，另一名人员签署。
next-gate = 尚无审查意见；由下列角色提出：{ $roles }
next-files = 随附的文件，每个文件一次
next-wait = 目前无可办理的事项：文书正在送达途中，或者由对方办理。
next-others = 目前没有您可以办理的事项；由本方其他机关或者其他角色办理。
next-ended = 该事项已经办结。
gate-open = 审查事项“{ $gate }”尚无审查意见。
gate-which-act = 案件的审查意见针对某一行为提出：请以 --act 指明。`entente request next { $case }` 列明各行为所需的审查事项。
words-none = 未提供文字。请以 --text 语言=文字 提供，合作文件的每种语言一次（{ $langs }）。
words-strange = 合作文件没有语言“{ $lang }”。现有语言：{ $langs }。
draft-complete = 各项均已填写。
list-due = 期限 { $at }
list-more = 还有更多，自 { $next } 之后
list-ours = 由我方办理
list-theirs = 由 { $party } 办理
directory-no-party = 合作文件中没有该缔约方的机关。各缔约方为：{ $parties }。
directory-none = 没有可以显示的联络处。
round-held-at = { $at }举行
round-item-settled = 已有结论
round-none = `{ $case }` 不是会议。`entente round list` 列明各次会议。
report-which-party = 其他缔约方不止一个。请以 --with 指明（{ $parties }）。
report-days = 所给日期无法统计：首日不得晚于末日，末日按协调世界时须已结束。目前最晚可至 { $day }。
template-how = 请填写后执行：entente request new --file 本文件。需要的项目请去掉行首的 #。长文本可置于三个引号之间。
template-required = 必填
template-optional = 可省略
template-indicators = 填写 STIX 2.1 威胁信息包全文；也可将 indicators 改写为 indicators-file = "bundle.json"。
show-request = 请求内容
show-standing = 办理情况
show-courier = 正在送往对方
show-over = 已结案
show-open = 您可以办理
show-clock = 期限
show-paused = 中止计算
show-reference = 被请求方编号与承办人
show-opened = 立案
show-answered = 已答复
show-answer-due = 应答复时间
show-safeguards = 审查事项
show-bundle = 共{ $objects }个对象，其中攻击指标{ $indicators }个
show-timeline = 办理经过

remedy-empty = 请予填写。
remedy-translation = 请以该文字补充。
remedy-wrong-kind = 请按该类型要求的格式填写；格式见该类型的模板。
remedy-backwards = 起始时间须早于结束时间。
remedy-passed = 请填写尚未届至的日期。
remedy-blank = 请填写方括号处的内容，并删去方括号。
remedy-asked = 请在 `fields` 中填写新的内容，或者在 `unable` 中说明理由，二者择一。
remedy-too-long = 请予缩短。
remedy-barred = 请予删除。
remedy-unknown = 请予删除。
