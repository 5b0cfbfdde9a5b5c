# 修订：文件的新版本、两个版本的差异，以及不能签署或者不能据以启动事项的原因。
refusal-instrument-not-in-force = 合作文件的该版本已经签署，但尚未到生效日期。
refusal-instrument-superseded = 该事项系依照合作文件的某一版本启动，而发起方当时已知该版本业经修订。
refusal-amendment-unfit = 新版本不能签署：{ $why }
refusal-amendment-unread = 本节点尚未读取新版本的文件。请先打开该事项查阅。
refusal-amendment-pending = 我方已签署同一版本的另一修订（{ $case }），对方仍可签署。请先了结该修订。
refusal-office-keys-awaited = { $office }系新设机关，其密钥尚未自对方收到。双方节点联络后自动取得。
refusal-text-without-hash = 文本须以各种文字完整写明新版本的哈希值，双方据此签署。
refusal-signature-binds = 我方已签署，对方仍可签署；在对方提出其他文本之前，不能“{ $act }”。

unfit-not-a-bundle = 该文件不是合作文件的文件包。
unfit-unsound = 其中的文件不能构成合作文件，或者存在错误。
unfit-other-hash = 文件的哈希值与所写明的不符。
unfit-other-instrument = 编号不同，属于另一协议。
unfit-amends-another = 所修订的并非最近签署的版本。
unfit-same-version = 版本号与双方已签署的某一版本相同。
unfit-other-parties = 缔约方、其语文或者其签名方式不同。
unfit-office-dropped = 缺少某一机关，未结事项可能仍由其办理。可将其从各类型中移出。
unfit-other-procedure = 某一类型沿用原代码，但更改了程序或者编号序列。

amendment-what = 拟作的变更
amendment-before = 现行版本{ $version }
amendment-after = 拟议版本{ $version }
amendment-place = 所在之处
amendment-none = 除版本外并无差异。
amendment-nothing = 无
amendment-more = 另有{ $n }处差异未予显示，详见文件。
amendment-count = { $n }处差异
amendment-from = 自{ $day }协调世界时零时起生效，且不早于双方签署均已载入双方日志之时。已启动的事项继续适用其启动时的版本，双方另行表示的除外。

versions = 版本
version = 版本
version-since = 生效时间
version-case = 商定事项
version-standing = 状态
version-founding = 随名片签署
version-in-force = 现行有效
version-superseded = 已被取代；依其启动的事项继续适用
version-awaits-day = 双方已签署，尚未到生效日期
version-awaits-receipt = 双方已签署，尚未确知我方签名已送达
case-version = 适用版本{ $version }

adopt-heading = 本事项适用的合作文件版本
adopt-now = 本事项现适用该版本
adopt-until = 本事项适用该版本至{ $when }
adopt-named = 提出改为适用版本{ $version }
adopt-awaited = 对方尚未作同样表示；在此之前适用的版本不变
adopt-go-on = 改为适用版本{ $version }
adopt-stay = 继续适用版本{ $version }
adopt-asked = 对方已提出该版本。己方亦提出的，本事项即改为适用该版本。

story-in-force = 合作文件版本{ $version }现已生效。此后启动的事项适用该版本；已启动的事项继续适用原版本。

amendment-how = 新版本
amendment-how-take = 自最近签署的版本取得拟修改的文件。
amendment-how-change = 用任一文本编辑器修改，各种文本须同时修改。版本号及所修订的版本由本节点写入。
amendment-how-attach = 以原文件名附上修改后的文件，其余文件不变，然后生成新版本。
amendment-how-look = 以各种文本查看拟作的变更；届时哈希值和文件均已就位。
amendment-files = 版本{ $version }的文件
amendment-gather = 由所附文件生成新版本
amendment-gather-hint = 所附文件将由一份文件取代，即本文件的新版本全文，其哈希值自动填入。如须再作修改，重新附上文件即可。
amendment-unsound = 未能由所附文件生成新版本：检查发现{ $n }处错误（检查结果以英文显示）。
amendment-text = 兹修订“{ $title }”。SHA-256哈希值为{ $hash }的版本取代版本{ $before }，自{ $day }协调世界时零时起生效，且不早于双方签署均已载入双方日志之时。除双方另行表示外，已启动的事项继续适用其启动时的版本。各种文本同等作准。
amendment-day-open = 生效日期未填写。
amendment-not-made = 尚未由草稿所附文件生成新版本。
versions-next = 新版本以下列类型的事项提出：
version-bundle = 该版本全文（单一文件）

amended-head = 本文件
amended-party = 缔约方
amended-calendar = 日历
amended-day = 日期
amended-office = 机关
amended-area = 领域
amended-clause = 条款
amended-type = 类型
amended-field = 内容
amended-step = 步骤
amended-ground = 理由
amended-gate = 审查事项
amended-rung = 层级
amended-words = 用语
amended-term = 术语
amended-norm = 准则
