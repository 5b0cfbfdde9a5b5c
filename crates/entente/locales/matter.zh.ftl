# 双方签署的文本、计划、步骤、涉案财物，以及对所移交内容的后续责任。

stage-negotiating = 磋商中
stage-signed = 双方已签署
stage-live = 进行中
stage-aborted = 已中止
next-negotiating = 表明立场、提出文本或者签署
next-signed = 落实所商定事项或者结案
next-live = 开展行动并通报结果
next-aborted = 通报情况

act-state-position = 表明立场
act-propose-text = 提出文本
act-reserve = 记录保留
act-sign-text = 签署文本
act-authorise = 授权
act-extend = 提出延长期限
act-adopt = 提出适用的版本
act-abort = 即时中止
act-conclude = 未签署文本而结束协商
act-book-asset = 登记财物
act-seek-consent = 请求同意
act-give-consent = 答复同意请求
act-recall = 撤回所提供内容
act-correct = 更正所提供内容
act-report-compliance = 报告落实情况
act-certify-deletion = 证明删除
act-check-undertaking = 核查保证
act-discharge-undertaking = 解除保证
act-cite-norm = 援引规范
act-log-contact = 记录通话或者会晤

do-state-position = 表明立场
do-propose-text = 提出文本
do-reserve = 记录保留
do-sign-text = 签署文本
do-authorise = 授权
do-extend = 提出延长期限
do-adopt = 改为适用其他版本
do-abort = 即时中止
do-conclude = 不签署文本，结束协商
do-book-asset = 登记财物
do-seek-consent = 请求同意
do-give-consent = 答复同意请求
do-recall = 撤回所提供内容
do-correct = 更正所提供内容
do-report-compliance = 报告落实情况
do-certify-deletion = 证明删除
do-check-undertaking = 核查保证
do-discharge-undertaking = 解除保证
do-cite-norm = 援引规范
do-log-contact = 记录通话或者会晤

clock-turn = 立场、文本或者签署
clock-authorisation = 授权
clock-consent = 答复同意请求
clock-compliance = 落实情况报告

form-words-state-position = 立场
form-words-propose-text = 修改之处及理由
form-words-reserve = 保留
form-words-sign-text = 附言
form-words-authorise = 国内作出决定的机关及授权范围
form-words-extend = 延长期限的理由
form-words-adopt = 理由
form-words-abort = 中止的理由
form-words-conclude = 结束时的情况
form-words-book-asset = 依据：裁定、协议、日期
form-words-seek-consent = 拟转移或者使用的内容及目的
form-words-give-consent = 同意的条件或者不同意的理由
form-words-recall = 撤回的理由
form-words-correct = 正确的内容
form-words-report-compliance = 逐一说明各接收方的处理情况
form-words-check-undertaking = 核查方式
form-words-discharge-undertaking = 不再需要的理由
form-words-cite-norm = 该规范与本案的关系
form-words-log-contact = 参加人员及谈话内容

form-deed-item = 对象
form-deed-until-day = 有效至
form-deed-text = 文本
form-deed-adopt-version = 版本
form-deed-version = 文本版本
form-deed-sign-version = 本人已阅读两种文字的第{ $version }版文本，并代表己方签署
form-deed-sha256 = 文本哈希值（SHA-256）
form-deed-asset = 财物
form-deed-movement = 变动
form-deed-amount = 金额
form-deed-consent-kind = 同意事项
form-deed-recipient = 接收方
form-deed-consent = 同意请求
form-deed-granted = 是否同意
form-deed-own-act = 己方文书序号
form-deed-retraction = 撤回或者更正
form-deed-complied = 是否已通知全部接收方
form-deed-erased = 内容已删除的文书数
form-deed-undertaking = 保证
form-deed-kept = 是否得到遵守
form-deed-norm = 规范
form-deed-means = 联络方式

form-hint-until-day = 下列步骤须填写：{ $steps }
form-hint-text = 须以本文件全部语文写成，各语文文本同等作准。
form-hint-asset = 双方均能辨认的名称，例如：尾号4471的账户、高街12号房产。

form-money-amount = 金额
form-money-currency = 币种
form-hint-amount = 以数字书写，例如 1250.50
form-hint-currency = 三个字母，例如 GBP 或者 CNY
form-wrong-money = 金额请以数字书写，例如 1250.50；币种请写三个字母。

form-person-names = 姓名
form-hint-person-names = 每行一个，常用姓名在前，按原文字书写，文字不限。
form-person-born = 出生日期
form-hint-person-born = 已知的年、月、日：1984、1984-03、1984-??-21
form-person-birthplace = 出生地
form-person-sex = 性别
form-person-nationalities = 国籍
form-hint-person-nationalities = 以逗号分隔
form-person-documents = 证件
form-hint-person-documents = 每行一件：种类; 号码; 签发机关
form-wrong-birth = 日期有误。请填写已知部分，例如 1984-03，未知部分写 ??。
sex-male = 男
sex-female = 女
sex-unstated = 未注明

form-place-words = 地址或者说明
form-place-position = 坐标
form-hint-place-position = 纬度, 经度（度）：39.90750, 116.39723
form-wrong-position = 请以度为单位填写纬度和经度，例如 39.90750, 116.39723。

movement-restrain = 查封、扣押、冻结
movement-release = 解除查封、扣押、冻结
movement-confiscate = 没收
movement-deduct-costs = 扣除费用
movement-share = 分享所得留存
movement-return = 返还
movement-receive = 收到返还
heading-restrained = 已查封、扣押、冻结
heading-released = 已解除查封、扣押、冻结
heading-confiscated = 已没收
heading-costs = 费用
heading-shared = 已分享
heading-returned = 返还途中
heading-received = 已收到

consent-onward-transfer = 再转移
consent-new-use = 用于其他目的

label-value = { $label }：{ $value }

story-signed = 第{ $version }版，哈希值{ $hash }…
story-erased = { $n }份文书的内容

refusal-already-done = 己方已完成“{ $act }”，尚待对方完成。
refusal-text-not-on-table = 第{ $version }版并非当前磋商的文本，或者文字不一致。请阅读当前版本。
refusal-text-not-signed = 须先由双方签署文本。
refusal-step-not-yet = 步骤“{ $step }”须在“{ $after }”之后。请先记录后者。
refusal-step-barred = 步骤“{ $step }”不能再行记录：已有“{ $by }”。
refusal-step-twice = 步骤“{ $step }”已经记录。
refusal-step-not-yours = 步骤“{ $step }”应由对方记录。
refusal-step-not-now = 案件处于“{ $stage }”时不能记录步骤“{ $step }”。
refusal-step-without = 步骤“{ $step }”与所填{ $what }不符：步骤要求时方可填写，且必须填写。
refusal-asset-short = “{ $asset }”现有数额不足以作此变动。请查看本案财物台账。
refusal-not-holder = “{ $asset }”由对方持有并登记。
refusal-unknown-number = 没有可以办理“{ $act }”的第{ $number }号事项。
refusal-unknown-norm = 本文件未列明规范{ $norm }。
refusal-text-awaited = { $type }须待双方签署文本{ $text }之后方可使用。请通过协商提出该文本。
