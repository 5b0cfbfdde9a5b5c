# 本国法律：有关问题、固定答复、受保护人员登记册。此处内容一律不对外提供。

event-reply-not-released = 一份待发答复已与案件现状不符，未予发出。请查看该案。

local-own-law = 仅限本国法律，不对外提供
local-why = 上述问题及其答复仅供本方人员查阅。
local-basis = 依据
local-finding = 结论
local-finding-satisfied = 可以发出
local-finding-not-engaged = 与本事项无关
local-finding-not-satisfied = 不得发出
local-shield-satisfied = 不涉及受保护人员
local-shield-not-engaged = 不涉及自然人
local-shield-not-satisfied = 涉及受保护人员
local-reason = 理由（文种不限）
local-keep = 保存答复
local-answered = 已答复
local-again = 重新答复
local-open = 尚未答复。
local-theirs = 由下列人员答复：{ $roles }。
local-hits = 登记册中有姓名或者证件相同的条目。请先行核对，再作答复。
local-shielded = 本事项在固定时刻之前不发出任何实质内容。无可提供信息的人员，无论受保护与否，一律以同一固定形式答复。
local-opens = 固定时刻：
local-reply = 作出固定答复
local-reply-waits = 固定答复待发，发出时刻：
local-drafts = 本国法律问题

register = 受保护人员登记册
register-lead = 凡打开本页者均记录姓名。对外答复不以本登记册计算得出。
register-kept = 已登记人员
register-new = 登记人员
register-names = 姓名，每行一个
register-documents = 证件号码，每行一个
register-note = 受保护的理由
register-add = 登记
register-strike = 注销
register-empty = 无登记人员。
register-looks = 查阅记录
register-when = 时间
register-who = 人员
register-what = 事项
register-read = 查阅
register-entered = 登记人员
register-struck = 注销人员

held-unanswered = 依本国法律，尚有问题未予答复。
held-closed = 依本国法律，有关答复不准发出。未有任何内容对外发出。
held-role = 依本国法律，该职责人员不得答复此问题。
held-reasonless = 依本国法律，应当说明理由。
held-four-eyes = 依本国法律，起草人不得答复。
held-contradicted = 登记册中有请求所列证件。请答复涉及受保护人员，或者先行注销该条目。
held-unknown-question = 政策文件中没有该问题。
held-not-before = 本事项在固定时刻之前不发出任何实质内容。
held-fixed-form = 本事项只能作出固定答复。
held-not-shielded = 本事项不适用固定答复。
held-not-yours = 您的职责不掌管登记册。
held-bad-entry = 登记应当写明姓名或者证件，并说明理由。
