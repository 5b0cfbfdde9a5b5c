# 程序接口（/api/v1）：调用未能执行的原因。

api-not-found = 此处没有该项内容，或者该人员无权查看。
api-method-not-allowed = 此地址不能这样操作。可用的操作见 /api/v1/openapi.json。
api-unauthorized = 令牌无法识别。请发送 `Authorization: Bearer` 及本节点人员的令牌。
api-not-your-office = 该事项由另一机关办理，须由该机关人员处理。
api-not-your-role = 该人员没有可以办理此事的职责。
api-malformed = 所发送的内容无法读取，位置见 `detail`。
api-too-large = 所发送的内容超过限额。文件请作为附件发送。
api-not-json = 须为 JSON。请发送 `Content-Type: application/json`。
api-too-many-calls = 该人员同时进行的调用过多。请待其中之一结束后再试。
api-use-drafts = 请求须由草稿提交。请先在 /api/v1/drafts 建立草稿。
api-unknown-attachment = 所列附件未曾为本案上传。请先上传，再以其根哈希列明。
api-not-here-yet = 该文件尚未完整到达，请稍后再试。
api-key-reused = 该幂等键已用于另一次调用。每次调用请用新的键。
api-bad-key = 幂等键须为 1 至 128 个普通字符。
api-machine-only = 时限届至时由节点自行办理。
api-busy = 他人正在修改同一事项，请稍后再试。
