//! Zones as records of persons, and back where a record says all a zone demands.
//!
//! Owns the letters of Doc 9303-3 §6 as far as they are Latin. Must not turn other scripts into letters: which office
//! does that, and how, is the issuing state's own.

use super::{Layout, Zone, Zones};
use crate::finding::LossCode;
use crate::record::{Account, Key, Record, Subject};

/// Takes the zones apart.
pub(crate) fn records(zones: &Zones, account: &mut Account) -> Vec<Record> {
    let mut records = Vec::new();
    for zone in &zones.zones {
        let mut record = Record::new(Subject::Person);
        record.put(Key::Kind, "individual");
        record.put(Key::Name, format!("{} {}", zone.given, zone.surname).trim());
        record.put(Key::Surname, zone.surname.as_str());
        record.put(Key::Given, zone.given.as_str());
        record.put_of(Key::Document, &zone.code, zone.number.as_str());
        record.put(Key::Nationality, zone.nationality.as_str());
        record.put(Key::Country, zone.issuer.as_str());
        record.put_of(Key::Born, "yymmdd", zone.birth.as_str());
        record.put_of(Key::Expires, "yymmdd", zone.expiry.as_str());
        record.put(
            Key::Sex,
            match zone.sex {
                'M' => "male",
                'F' => "female",
                'X' => "X",
                _ => "",
            },
        );
        for text in [&zone.optional, &zone.optional_second].into_iter().filter(|text| !text.is_empty()) {
            account.lose(LossCode::NotCarried, "optional data", text);
        }
        records.push(record);
    }
    records
}

/// Zones of the records that have a name, a document's number, a nationality, a birth and an expiry.
pub(crate) fn of_records(records: Vec<Record>, account: &mut Account) -> Option<Zones> {
    let mut zones = Vec::new();
    for mut record in records {
        if record.subject != Subject::Person {
            account.refuse(&record);
            continue;
        }
        let name = record.get(Key::Name).unwrap_or_default().to_owned();
        match zone(&mut record, account) {
            Some(zone) => {
                account.leave(&record);
                zones.push(zone);
            }
            None => account.lose(LossCode::LeftOut, "person", &name),
        }
    }
    (!zones.is_empty()).then_some(Zones { zones })
}

fn zone(record: &mut Record, account: &mut Account) -> Option<Zone> {
    let surname = letters(&record.take(Key::Surname)?)?;
    let given = letters(&record.take(Key::Given).unwrap_or_default())?;
    record.take(Key::Name);
    record.take(Key::Kind);
    let document = record.take_fact(Key::Document)?;
    let number: String = document.value.chars().filter(char::is_ascii_alphanumeric).collect();
    let country = |text: String| {
        let text = text.to_ascii_uppercase();
        ((1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(text)
    };
    let nationality = country(record.take(Key::Nationality)?)?;
    let issuer = record.take(Key::Country).and_then(country).unwrap_or_else(|| {
        account.put_in("issuing state", &nationality);
        nationality.clone()
    });
    let birth = six(record, Key::Born)?;
    let expiry = six(record, Key::Expires)?;
    let sex = match record.take(Key::Sex).unwrap_or_default().to_ascii_lowercase().as_str() {
        "male" | "m" => 'M',
        "female" | "f" => 'F',
        "x" => 'X',
        _ => '<',
    };
    let layout = match document.of.chars().next() {
        Some('I' | 'A' | 'C') => Layout::Td1,
        Some('V') => Layout::MrvA,
        _ => Layout::Td3,
    };
    let code = if (1..=2).contains(&document.of.len()) && document.of.bytes().all(|byte| byte.is_ascii_uppercase()) {
        document.of
    } else {
        account.put_in("document code", "P");
        "P".to_owned()
    };
    let fits = number.len() <= if layout == Layout::Td1 { 22 } else { 9 };
    fits.then(|| Zone {
        layout,
        code,
        issuer,
        surname,
        given,
        number: number.to_ascii_uppercase(),
        nationality,
        birth,
        sex,
        expiry,
        optional: String::new(),
        optional_second: String::new(),
        filler_counted: false,
    })
}

/// Six digits of a date, unknown parts left off.
fn six(record: &mut Record, key: Key) -> Option<String> {
    let fact = record.take_fact(key)?;
    if fact.of == "yymmdd" {
        return Some(fact.value);
    }
    let text = fact.value.get(..10).unwrap_or(&fact.value);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let known = matches!(digits.len(), 4 | 6 | 8);
    known.then(|| digits.get(2..).map(str::to_owned)).flatten()
}

/// A name in the letters of a zone; nothing where a letter has none.
fn letters(name: &str) -> Option<String> {
    let mut out = String::new();
    for c in name.chars().flat_map(char::to_uppercase) {
        match c {
            'A'..='Z' => out.push(c),
            ' ' | '-' | ',' | '.' => out.push(' '),
            '\'' | '’' => {}
            // Doc 9303-3 §6.A, the letters that need two.
            'Ä' | 'Æ' => out.push_str("AE"),
            'Ö' | 'Ø' | 'Œ' => out.push_str("OE"),
            'Ü' => out.push_str("UE"),
            'Å' => out.push_str("AA"),
            'ß' | 'ẞ' => out.push_str("SS"),
            'Þ' => out.push_str("TH"),
            'Ñ' => out.push('N'),
            'À' | 'Á' | 'Â' | 'Ã' | 'Ā' | 'Ă' | 'Ą' => out.push('A'),
            'Ç' | 'Ć' | 'Č' => out.push('C'),
            'Ð' | 'Ď' | 'Đ' => out.push('D'),
            'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ę' | 'Ě' => out.push('E'),
            'Ğ' => out.push('G'),
            'Ì' | 'Í' | 'Î' | 'Ï' | 'Ī' | 'İ' => out.push('I'),
            'Ł' => out.push('L'),
            'Ń' | 'Ň' => out.push('N'),
            'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ō' | 'Ő' => out.push('O'),
            'Ř' => out.push('R'),
            'Ś' | 'Š' | 'Ş' | 'Ș' => out.push('S'),
            'Ť' | 'Ţ' | 'Ț' => out.push('T'),
            'Ù' | 'Ú' | 'Û' | 'Ū' | 'Ů' | 'Ű' => out.push('U'),
            'Ý' | 'Ÿ' => out.push('Y'),
            'Ź' | 'Ż' | 'Ž' => out.push('Z'),
            _ => return None,
        }
    }
    Some(out.split_whitespace().collect::<Vec<_>>().join(" "))
}
