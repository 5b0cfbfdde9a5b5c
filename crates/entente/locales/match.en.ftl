# Why two names, or two records, were found alike or not.

match-by = { $reason }, { $system }
match-reason-name-same = same name: { $left } = { $right }
match-reason-name-variant = same name in other forms of the characters: { $left } = { $right }
match-reason-surname-exact = surname exact: { $left } = { $right }
match-reason-surname-near = surname near: { $left } ≈ { $right }
match-reason-surname-differs = surname differs: { $left } ≠ { $right }
match-reason-given-exact = given name exact: { $left } = { $right }
match-reason-given-near = given name near: { $left } ≈ { $right }
match-reason-given-initial = given name by its initial: { $left } = { $right }
match-reason-given-missing = given name on one side only: { $left }{ $right }
match-reason-given-differs = given name differs: { $left } ≠ { $right }
match-reason-order-reversed = order reversed
match-reason-foreign-given = given name in another language beside: { $left }{ $right }
match-reason-extra-word = further word beside: { $left }{ $right }
match-reason-surname-only = only the surname can be compared
match-reason-word-exact = same word: { $left } = { $right }
match-reason-word-sound = same sound, other spelling: { $left } = { $right }
match-reason-word-near = word near: { $left } ≈ { $right }
match-reason-word-initial = word by its initial: { $left } = { $right }
match-reason-word-short = short form: { $left } = { $right }
match-reason-word-missing = on one side only: { $left }{ $right }
match-reason-word-differs = words differ: { $left } ≠ { $right }
match-reason-sound-written = characters write the sound: { $left } = { $right }
match-reason-nothing = nothing that can be compared
match-reason-born-same = date of birth the same: { $left }
match-reason-born-swapped = day and month of birth exchanged: { $left }, { $right }
match-reason-born-partly = date of birth agrees as far as known: { $left }, { $right }
match-reason-born-near = date of birth one slip apart: { $left }, { $right }
match-reason-born-differs = date of birth differs: { $left }, { $right }
match-reason-document-same = document number the same: { $left }
match-reason-document-folded = document number the same but for look-alike characters: { $left }, { $right }
match-reason-document-near = document number one character apart: { $left }, { $right }
match-reason-document-differs = another document: { $left }, { $right }
match-reason-sex-same = sex the same
match-reason-sex-differs = sex differs
match-reason-place-same = address agrees
match-reason-place-partly = address agrees in part
match-reason-place-differs = address differs
match-system-pinyin = Hanyu Pinyin
match-system-taiwan = Taiwan spelling or Wade–Giles
match-system-hong-kong = Hong Kong
match-system-macau = Macao
match-system-min-nan = Min-Nan as in Singapore and Malaysia
match-system-hakka = Hakka as in Malaysia
match-system-korean = Korean
match-system-japanese = Japanese
match-system-vietnamese = Vietnamese
