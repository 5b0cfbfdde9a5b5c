# 对所移交内容的后续责任：保存期限、删除、撤回与更正。

matter-not-shown = 不予显示：内容已删除或遮蔽
care-erased-on = 内容已于{ $day }删除
care-erased-case = 本案内容的保存期限已届满，本方已予删除；何人于何时作出何种文书及其日志证明继续保留。
care-kept-until = 本案内容在本方保存至{ $day }，届时删除。
care-reached = { $recipient }所持副本是否均已处理？
care-recalled = 发出方已撤回：不得再行保存或使用。
care-corrected = 发出方已更正：应以更正后的内容为准。
refusal-recipient-not-reached = 报告称所有副本均已处理，则须就{ $recipient }一并说明，否则应说明尚有副本未处理。

continues = 承接案件
continued-as = 后续案件
continue-as = 转为……
continue-begin = 开始起草
continue-hint = 起草新类型的请求，与本案相关联，并带入两类请求共有的内容。对方在本案中提供的材料仍受原定用途限制；用于其他目的，须有对方记录在案的同意。
part-continues = 所承接案件
mask = 遮蔽内容
mask-seen = 贵机关所见为本案的遮蔽副本。已略去：
mask-hint = 该机关所得副本不含所勾选内容；完整案件仍由贵机关保存。对方将获知此次转交。
mask-out = 遮蔽：{ $what }
mask-files = { $n }份文件
mask-acts = { $acts }的内容
care-forwards = 缔约方内部的转交
reveal-ask = 申请查阅完整内容
reveal-reason = 贵机关须查阅遮蔽内容的理由
reveal-why = 保管人的理由
reveal-grant = 准予查阅
reveal-deny = 不予查阅
reveal-granted = 已准予
reveal-denied = 未准予
reveal-open = 待承办机关的保管人答复。
desk-reveals = 查阅遮蔽内容的申请
reveal-decide = 决定是否准予查阅完整内容
reveal-asked-on = 申请时间
event-reveal-asked = 有机关申请查阅遮蔽内容，理由见案件页面。
event-reveal-granted = 保管人已准予有关机关查阅遮蔽内容。
event-reveal-denied = 保管人未准予有关机关查阅遮蔽内容。
act-forward = 在缔约方内部转交
do-forward = 转交遮蔽副本
form-words-forward = 该机关须知悉的理由
refusal-unknown-earlier = 没有贵机关可以承接的该编号案件。请核对编号，或者请承办机关转交案件，并待对方收到通知。
refusal-not-continued-as = 依本文件，{ $earlier }不得转为{ $type }。
refusal-consent-awaited = { $kind ->
    [new-use] 在先前案件中收到的材料系为其他用途提供。
   *[other] 依标注和本文件，不得向{ $recipient }提供。
}请在该案中征求对方同意，接收方写明{ $recipient }，并待其答复。
