//! The kinds of spelling an office meets, one check for all.

use matching::{Band, Code, Name, compare};

fn check(left: &str, right: &str, band: Band, because: &[Code]) {
    let found = compare(&Name::new(left), &Name::new(right));
    assert_eq!(found.band(), band, "{left} / {right}: {found:?}");
    for code in because {
        assert!(
            found.reasons.iter().any(|reason| reason.code == *code),
            "{left} / {right}: no {}: {found:?}",
            code.code()
        );
    }
}

#[test]
fn chinese_names_in_letters() {
    use Band::{Match, No, Possible};
    use Code::{ExtraWord, ForeignGiven, GivenExact, GivenInitial, OrderReversed, SurnameExact, SurnameOnly};
    // Pinyin, with and without tones, spaces, hyphens and apostrophes, in either order.
    check("李小明", "Li Xiaoming", Match, &[SurnameExact, GivenExact]);
    check("李小明", "Lǐ Xiǎomíng", Match, &[SurnameExact]);
    check("李小明", "LI XIAO MING", Match, &[SurnameExact]);
    check("李小明", "Xiao-Ming Li", Match, &[OrderReversed]);
    check("张建安", "Zhang Jian'an", Match, &[SurnameExact]);
    check("吕芳", "LYU FANG", Match, &[SurnameExact]);
    check("吕芳", "Lü Fang", Match, &[SurnameExact]);
    // Wade–Giles and Taiwan.
    check("邱逢甲", "Ch'iu Feng-chia", Match, &[SurnameExact]);
    check("蔣介石", "Chiang Kai-shek", Match, &[SurnameExact]);
    check("蕭美琴", "Hsiao Mei-chin", Match, &[SurnameExact]);
    // Hong Kong and Macau.
    check("郭偉強", "KWOK Wai-keung", Match, &[SurnameExact, GivenExact]);
    check("陳方安生", "CHAN FANG On-sang", Match, &[SurnameExact]);
    check("蕭志偉", "SIO CHI WAI", Match, &[SurnameExact]);
    check("何潤生", "HO ION SANG", Match, &[SurnameExact]);
    // Singapore and Malaysia.
    check("黄志明", "Ng Chee Meng", Match, &[SurnameExact]);
    check("陈国华", "Tan Kok Hua", Match, &[SurnameExact]);
    check("张德福", "Teo Teck Hock", Match, &[SurnameExact]);
    check("刘金发", "Liew Kim Fatt", Match, &[SurnameExact]);
    // Compound surnames and characters of several readings.
    check("欧阳修", "Ouyang Xiu", Match, &[SurnameExact]);
    check("歐陽震華", "AU YEUNG Chun-wah", Match, &[SurnameExact]);
    check("司徒华", "Szeto Wah", Match, &[SurnameExact]);
    check("单田芳", "Shan Tianfang", Match, &[SurnameExact]);
    check("曾国藩", "Zeng Guofan", Match, &[SurnameExact]);
    // Given names of English, initials, a husband's surname.
    check("郭偉強", "Andrew KWOK Wai-keung", Match, &[ForeignGiven]);
    check("鄭月娥", "Carrie LAM CHENG Yuet-ngor", Match, &[ExtraWord]);
    check("郭偉強", "Andrew KWOK", Possible, &[SurnameOnly]);
    check("郭偉強", "KWOK W.K.", Possible, &[GivenInitial]);
    // Slips.
    check("郭偉強", "KWOK Wai-kueng", Match, &[SurnameExact]);
    // Near, and not the same.
    check("郭偉強", "KWOK Ka-ki", No, &[]);
    check("王毅", "Wang Yu", No, &[]);
    check("李鸿章", "Li Hongzheng", Possible, &[]);
    check("郭偉強", "Margaret Smith", No, &[]);
}

#[test]
fn characters_against_characters() {
    check("郭偉強", "郭伟强", Band::Match, &[Code::NameVariant]);
    check("張學良", "张学良", Band::Match, &[Code::NameVariant]);
    check("张学良", "张作霖", Band::No, &[]);
    check("希拉里·克林顿", "希拉蕊·柯林顿", Band::Possible, &[Code::SoundWritten]);
}

#[test]
fn letters_against_letters() {
    use Band::{Match, No, Possible};
    check("Margaret Smith", "SMITH, Margaret", Match, &[Code::NameSame]);
    check("Margaret Smith", "Peggy Smith", Match, &[Code::WordShort]);
    check("Margaret Smith", "Margaret Smyth", Match, &[Code::WordNear]);
    check("Margaret Smith", "M. Smith", Match, &[Code::WordInitial]);
    check("Margaret Anne Smith", "Margaret Smith", Match, &[Code::WordMissing]);
    check("Margaret Smith", "Margaret Jones", No, &[]);
    check("Margaret Smith", "John Smith", No, &[]);
    check("Li Hung-chang", "Li Hongzhang", Match, &[Code::WordSound]);
    check("Mao Tse-tung", "Mao Zedong", Match, &[Code::WordSound]);
    check("Владимир Путин", "Vladimir Putin", Match, &[]);
    check("KWOK Wai-keung", "Andrew KWOK", Possible, &[]);
}

#[test]
fn foreign_names_in_characters() {
    check("戈登·布朗", "Gordon Brown", Band::Match, &[Code::SoundWritten]);
    check("布莱尔", "Tony Blair", Band::Possible, &[Code::SoundWritten]);
    check("布莱尔", "Nicolas Sarkozy", Band::No, &[]);
}
