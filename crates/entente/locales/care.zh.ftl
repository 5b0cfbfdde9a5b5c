# 对所移交内容的后续责任：保存期限、删除、撤回与更正。

care-content-erased = 内容已删除
care-erased-on = 内容已于{ $day }删除
care-erased-case = 本案内容的保存期限已届满，本方已予删除；何人于何时作出何种文书及其日志证明继续保留。
care-kept-until = 本案内容在本方保存至{ $day }，届时删除。
care-reached = { $recipient }所持副本是否均已处理？
care-recalled = 发出方已撤回：不得再行保存或使用。
care-corrected = 发出方已更正：应以更正后的内容为准。
refusal-recipient-not-reached = 报告称所有副本均已处理，则须就{ $recipient }一并说明，否则应说明尚有副本未处理。
