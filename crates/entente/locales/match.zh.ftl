# 姓名或记录比对的理由。

match-by = { $reason }，{ $system }
match-reason-name-same = 姓名相同：{ $left } = { $right }
match-reason-name-variant = 姓名相同，字形繁简或异体：{ $left } = { $right }
match-reason-surname-exact = 姓氏相符：{ $left } = { $right }
match-reason-surname-near = 姓氏近似：{ $left } ≈ { $right }
match-reason-surname-differs = 姓氏不符：{ $left } ≠ { $right }
match-reason-given-exact = 名字相符：{ $left } = { $right }
match-reason-given-near = 名字近似：{ $left } ≈ { $right }
match-reason-given-initial = 名字仅有首字母：{ $left } = { $right }
match-reason-given-missing = 名字仅一方有：{ $left }{ $right }
match-reason-given-differs = 名字不符：{ $left } ≠ { $right }
match-reason-order-reversed = 姓名顺序相反
match-reason-foreign-given = 另有外文名：{ $left }{ $right }
match-reason-extra-word = 另有其他词：{ $left }{ $right }
match-reason-surname-only = 仅姓氏可比
match-reason-word-exact = 词相同：{ $left } = { $right }
match-reason-word-sound = 同音异拼：{ $left } = { $right }
match-reason-word-near = 词近似：{ $left } ≈ { $right }
match-reason-word-initial = 仅有首字母：{ $left } = { $right }
match-reason-word-short = 简称：{ $left } = { $right }
match-reason-word-missing = 仅一方有：{ $left }{ $right }
match-reason-word-differs = 词不符：{ $left } ≠ { $right }
match-reason-sound-written = 汉字音译：{ $left } = { $right }
match-reason-nothing = 无可比内容
match-reason-born-same = 出生日期相同：{ $left }
match-reason-born-swapped = 出生日与月互换：{ $left }、{ $right }
match-reason-born-partly = 出生日期就已知部分相符：{ $left }、{ $right }
match-reason-born-near = 出生日期相差一处笔误：{ $left }、{ $right }
match-reason-born-differs = 出生日期不符：{ $left }、{ $right }
match-reason-document-same = 证件号码相同：{ $left }
match-reason-document-folded = 证件号码除形近字符外相同：{ $left }、{ $right }
match-reason-document-near = 证件号码相差一个字符：{ $left }、{ $right }
match-reason-document-differs = 证件不同：{ $left }、{ $right }
match-reason-sex-same = 性别相同
match-reason-sex-differs = 性别不符
match-reason-place-same = 地址相符
match-reason-place-partly = 地址部分相符
match-reason-place-differs = 地址不符
match-system-pinyin = 汉语拼音
match-system-taiwan = 台湾地区拼写或威妥玛拼音
match-system-hong-kong = 香港拼写
match-system-macau = 澳门拼写
match-system-min-nan = 新加坡、马来西亚闽南语拼写
match-system-hakka = 马来西亚客家话拼写
match-system-korean = 朝鲜语读音
match-system-japanese = 日语读音
match-system-vietnamese = 越南语读音
