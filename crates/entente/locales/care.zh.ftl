# 对所移交内容的后续责任：保存期限、删除、撤回与更正。

care-erased = 内容已删除
care-erased-on = 内容已于{ $day }删除
care-erased-case = 本案内容的保存期限已届满，本方已予删除；何人于何时作出何种文书及其日志证明继续保留。
care-kept-until = 本案内容在本方保存至{ $day }，届时删除。
