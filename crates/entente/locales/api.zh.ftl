# 程序接口（/api/v1）：调用未能执行的原因。

api-not-found = 此处没有该项内容，或者该人员无权查看。
api-method-not-allowed = 此地址不能这样操作。可用的操作见 /api/v1/openapi.json。
api-unauthorized = 令牌无法识别。请发送 `Authorization: Bearer` 及本节点人员的令牌。
api-not-your-office = 该事项由另一机关办理，须由该机关人员处理。
api-not-your-role = 该人员没有可以办理此事的职责。有权办理的角色：{ $roles }。
api-malformed = 所发送的内容无法读取，位置见 `detail`。
api-malformed-at = `{ $at }`的内容不符合要求：{ $why }。以`entente request template TYPE --json`可查看各项格式。
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
