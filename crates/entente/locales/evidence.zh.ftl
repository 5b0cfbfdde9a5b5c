# 争议证据包：包内文件的用语。

evidence-case = 案号
evidence-act = 文书
evidence-kind = 事项
evidence-party = 缔约方
evidence-office = 主管机关
evidence-signed-at = 签署时间
evidence-readme =
    本文件证明双方之间的一个案件：{ $case }。

    本文件由{ $maker }的节点制作，对方为{ $other }。文书共{ $acts }份，其中制作方未予提供内容的{ $left }份，保存期限届满已删除内容的{ $erased }份。附件不在本文件之内：文书载明每一附件的SHA-256值，另行提供的附件可据此比对。

    acts/目录下每份文书各有一个文件夹，其中act.en.txt和act.zh.txt供阅读，act.json供程序使用。下列文件为证据：envelope.cose（原样保存的已签名报文），content.bin（盐值及已签名的文书，报文承诺的即其SHA-256值），receipt.cose（对方签名的回执），以及双方日志各自的条目及其载入日志的证明。
    cards/目录载双方公钥，logs/目录载双方日志的状态及签名，instruments/目录载办理本案所依据的规则。

    核验全部内容：entente ledger verify FILE。使用他人工具核验的方法见程序源代码中的docs/verify-yourself.md。请将双方公钥卡的指纹与双方另行公布的指纹相比对，其余各项均以此为基础。

    act.en.txt和act.zh.txt中各部分的名称即已签名文书所用名称，未作翻译。
