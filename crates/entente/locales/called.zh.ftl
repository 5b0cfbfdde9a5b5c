# 各类程序的用语，以及仅部分程序具有的案件内容。

## 可办理的事项
doing-request = 请求
doing-request-lead = 请求对方提供信息或者采取行动。对方予以答复，或者依据法定理由拒绝。
doing-notify = 通报
doing-notify-lead = 向对方通报情况。对方确认收到并反馈所采取的措施；通报不得拒绝。
doing-agree = 商定
doing-agree-lead = 商定由双方签署的文本或者共同授权的方案。
doing-match = 比对
doing-match-lead = 核查对方是否掌握某一对象，除此之外不披露任何信息。
doing-concern = 提出关切
doing-concern-lead = 就承诺的履行情况提出关切，由对方答复并进行协商。不作任何裁断。
new-clock = { $clock }：{ $span }
new-steps = 专门步骤{ $n }项
new-groups = 您要办理何种事项？

## 各类程序中行为的名称
act-submit-notice = 发出通报
act-submit-matching = 请求核查
act-submit-joint = 提出合作建议
act-submit-negotiation = 提议协商
act-submit-undertaking = 提出关切
do-submit-notice = 发出通报
do-submit-matching = 请求核查
do-submit-joint = 提出合作建议
do-submit-negotiation = 提议协商
do-submit-undertaking = 提出关切
act-withdraw-notice = 撤回通报
act-withdraw-matching = 撤回核查请求
act-withdraw-joint = 撤回合作建议
act-withdraw-negotiation = 撤回协商提议
act-withdraw-undertaking = 撤回关切
do-withdraw-notice = 撤回通报
do-withdraw-matching = 撤回核查请求
do-withdraw-joint = 撤回合作建议
do-withdraw-negotiation = 撤回协商提议
do-withdraw-undertaking = 撤回关切
act-close-notice = 通报办结
act-close-joint = 合作办结
act-close-negotiation = 协商结束
act-close-undertaking = 关切事项办结
do-close-notice = 办结通报
do-close-joint = 办结合作
do-close-negotiation = 结束协商
do-close-undertaking = 办结关切事项
act-report-outcome-notice = 反馈所采取的措施
act-report-outcome-joint = 通报成果
do-report-outcome-notice = 反馈所采取的措施
do-report-outcome-joint = 通报成果
act-lapse-notice = 通报期满失效
act-accept-joint = 同意参加
do-accept-joint = 同意参加
act-respond-matching = 答复核查结果
act-respond-undertaking = 答复关切
do-respond-matching = 答复核查结果
do-respond-undertaking = 答复关切

## 各类程序中阶段的名称
stage-submitted-notice = 已发出
stage-submitted-joint = 已提出
stage-submitted-negotiation = 已提议
stage-submitted-undertaking = 已提出
stage-outcome-reported-notice = 已反馈措施
stage-outcome-reported-joint = 已通报成果
stage-lapsed-notice = 期满失效
stage-accepted-joint = 已同意参加
stage-responded-matching = 已答复结果
stage-negotiating-negotiation = 协商中
stage-negotiating-undertaking = 协商中

## 各类程序中的下一步
next-acknowledged-notice = 反馈所采取的措施
next-acknowledged-joint = 同意参加，或者先商定文本
next-acknowledged-negotiation = 表明立场或者提出文本
next-acknowledged-undertaking = 答复关切
next-acknowledged-matching = 开始核查
next-under-review-matching = 答复核查结果
next-accepted-joint = 授权
next-signed-joint = 授权
next-signed-negotiation = 结束协商
next-signed-undertaking = 办结关切事项
next-live-joint = 开展行动并通报成果
next-aborted-joint = 通报有关情况
next-responded-undertaking = 进行协商，或者结束本事项
next-withdrawn-notice = 确认不再采取措施
next-duty = 履行尚未完成的义务
duty = 结案后的义务
clock-outcome-notice = 反馈所采取的措施
clock-outcome-joint = 通报成果
clock-outcome-undertaking = 下一步意见
clock-completion-matching = 核查结果
clock-completion-undertaking = 对关切的答复
clock-completion-joint = 合作结束
clock-decision-joint = 是否参加的答复

## 发起方与发起内容
in-notice-direction-outgoing = 我方通报
in-notice-direction-incoming = 对方通报
in-joint-direction-outgoing = 我方提议
in-joint-direction-incoming = 对方提议
in-negotiation-direction-outgoing = 我方提议
in-negotiation-direction-incoming = 对方提议
in-undertaking-direction-outgoing = 我方提出
in-undertaking-direction-incoming = 对方提出
in-notice-request = 通报内容
in-matching-request = 核查请求内容
in-joint-request = 建议内容
in-negotiation-request = 提议内容
in-undertaking-request = 关切内容
in-notice-form-sign-title = 签署并发出本通报？
in-matching-form-sign-title = 签署并发出本核查请求？
in-joint-form-sign-title = 签署并提出本合作建议？
in-negotiation-form-sign-title = 签署并提出本提议？
in-undertaking-form-sign-title = 签署并提出本关切？

## 文本
matter-text = 文本
text-version = 第{ $n }稿
text-on-table = 审议中
text-agreed = 双方已签署
text-signed = 已签署
text-unsigned = 尚未签署
text-marked = 与第{ $n }稿相比的改动：
text-new = 新增
text-gone = 删除
text-reservations = 保留
text-positions = 立场
form-sign-text-hash = 所签署文本的SHA-256值

## 方案
matter-plan = 方案
plan-authorised = 已授权
plan-awaited = 尚待授权
plan-period = 期间
plan-extended = 双方同意延长至
plan-named = 已提出延长至
plan-named-awaited = 尚待对方同意

## 步骤
matter-steps = 步骤
step-done = 已记录
step-now = 现可记录
step-ahead = 尚未到此步骤
step-passed = 未采取
step-or = 或者
step-count = { $done }/{ $all }
step-item-open = 尚未记录
step-void = 已失效：此后提出了新文本
measure-left = 剩余{ $n }个工作日
measure-next = 下一步：{ $steps }
measure-last-day = 今日到期
measure-over = 已到期
measure-until = 期限至{ $day }
measure-calendar = 按{ $party }工作日历计算
form-step-needs-date = 须写明期限截止日。

## 财物
matter-property = 财物
property-total = 合计
property-held = { $party }保管
property-balance = 结余
property-movements = 变动记录{ $n }项

## 对所提供内容的管理
matter-care = 对所提供内容的管理
care-acts = 后续管理、援引规范和联络记录
care-kept = 已遵守
care-broken = 未遵守
care-in-force = 有效
care-discharged = 已解除
care-consents = 同意事项
care-asked = 由{ $party }提出
care-granted = 已同意
care-denied = 不同意
care-owed = 待{ $party }答复
care-retractions = 撤回与更正
care-recall = 撤回其第{ $n }号文书所提供的内容
care-correction = 更正其第{ $n }号文书所提供的内容
care-complied = 已落实到全部副本
care-not-complied = 未能落实到全部副本
care-deletions = 删除证明
care-erased = 已删除{ $n }件文书的内容
care-norms = 援引的规范
care-contacts = 通话与会晤

## 工作台与列表
desk-measures = 即将到期的措施
desk-duties = 就所提供内容尚待履行的义务
measure = 措施
duty-owed = 待履行事项
area = 领域
procedure = 程序
type-steps = 专门步骤
type-step-by = 记录方
type-step-needs = 顺序与要求
type-step-after = 在{ $steps }之后
type-step-before = 先于：{ $acts }
type-step-dated = 须写明期限截止日
type-step-per = 逐项记录：{ $field }
type-step-repeats = 可重复记录
type-step-or = 与{ $steps }择一
side-requesting = 发起方
side-requested = 接收方
either-side = 任何一方
directory-types = 可发起
directory-types-in = 可接收
what-until = 截止日
what-assets = 财物项目
type-step-when = 适用于“{ $field }”为：{ $is }
