//! The forms of steps, texts, plans, property and the care for what was handed over.
//!
//! Owns their inputs and their reading. Must not know whether the act may be done: the domain judges it.

use domain::act::{ActKind, ActRef, ConsentKind, Deed, RecipientReport};
use domain::asset::Movement;
use domain::case::{MASKABLE_PARTS, hands_over};
use domain::ids::{Hash32, OfficeId};
use domain::instrument::Field;
use domain::menu::Menu;
use node::view::open_steps;

use super::super::input::{Input, Maker};
use super::super::value::{money, read_money};
use super::reading::Reader;
use super::{About, agenda};
use crate::communique;

/// What parts a step from the item it is done for, in the menu's code: no code holds it, and it is one of the few letters
/// no line shows that a form lets through (`Typed::put`).
const OF: char = '\t';

/// The code of a step out of what its menu sends.
pub(super) fn code_of(chosen: &str) -> &str {
    chosen.split(OF).next().unwrap_or(chosen)
}

/// Most steps shown all at once; more are opened by a click.
const RADIO_MAX: usize = 16;

/// The inputs of a step: which, with what each needs, until when, and its words.
pub(super) fn record(about: &About<'_>, maker: &Maker<'_>, said: Input) -> Vec<Input> {
    let page = about.page;
    let open = open_steps(about.case, about.rule, about.us, &about.officer.office);
    let choices = open.iter().map(|(step, item)| {
        let name = page.text(&step.name);
        match item {
            Some(item) => (
                format!("{}{OF}{item}", step.code),
                page.tongue.with("label-value", &[("label", &name), ("value", item)]),
            ),
            None => (step.code.clone(), name),
        }
    });
    let choices: Vec<(String, String)> = choices.collect();
    let which = if choices.len() > RADIO_MAX {
        maker.menu("step", &page.t("form-deed-step"), choices)
    } else {
        let needs =
            open.iter().map(|(step, _)| if step.dated { page.t("form-step-needs-date") } else { String::new() });
        let told = choices.into_iter().zip(needs).map(|((code, name), need)| (code, name, need));
        maker.radio("step", &page.t("form-deed-step"), told)
    };
    let mut inputs = vec![which];
    if open.iter().any(|(step, _)| step.dated) {
        let mut dated: Vec<String> =
            open.iter().filter(|(step, _)| step.dated).map(|(step, _)| page.text(&step.name)).collect();
        dated.dedup();
        let need = page.t1("form-hint-until-day", "steps", dated.join(" · "));
        inputs.push(maker.date("until", &page.t("form-deed-until-day")).needed(need));
    }
    inputs.push(said);
    inputs
}

/// The inputs of the other acts.
pub(super) fn inputs(about: &About<'_>, maker: &Maker<'_>, act: ActKind, said: Input) -> Vec<Input> {
    let page = about.page;
    let label = |name: &str| page.t(&format!("form-deed-{name}"));
    match act {
        ActKind::ProposeText => {
            let fresh = about.case.talk.versions.is_empty();
            let assembled = fresh && communique::assembled(page.instrument(), about.case).is_some();
            let hint = if assembled { "form-hint-assembled" } else { "form-hint-text" };
            vec![maker.words("text", &label("text"), 10).hint(&page.t(hint)), said.optional()]
        }
        ActKind::SignText => match about.case.talk.on_table() {
            Some((version, _)) => vec![maker.tick("version", &page.t1("form-deed-sign-version", "version", version))],
            None => Vec::new(),
        },
        ActKind::Extend => vec![maker.date("until", &label("until-day")), said],
        ActKind::Adopt => {
            let choices = page.versions_open(about.case, about.us).into_iter();
            vec![maker.radio("instrument", &label("adopt-version"), choices), said]
        }
        ActKind::BookAsset => {
            let continues = about.case.request.continues.is_some();
            let goes_on = page.rule(&about.case.type_code).is_some_and(|rule| !rule.continues_as.is_empty());
            let fits = |movement: &Movement| match movement.takes_up() {
                Some(_) => continues,
                None => goes_on || !movement.is_passage(),
            };
            let movements = Movement::ALL
                .iter()
                .filter(|(movement, _)| fits(movement))
                .map(|(_, code)| ((*code).to_owned(), page.t(&format!("movement-{code}"))));
            vec![
                maker
                    .line("asset", &label("asset"))
                    .hint(&page.t("form-hint-asset"))
                    .knowing(about.case.assets.properties().map(|(name, _)| name.to_owned()).collect()),
                maker.menu("movement", &label("movement"), movements),
                money(maker, "amount", &label("amount")),
                said,
            ]
        }
        ActKind::TableItem | ActKind::SettleItem | ActKind::Undertake => agenda::inputs(about, maker, act, said),
        _ => care_inputs(about, maker, act, said),
    }
}

/// The inputs of the care for what was handed over, of norms and of the log of the escalation route.
fn care_inputs(about: &About<'_>, maker: &Maker<'_>, act: ActKind, said: Input) -> Vec<Input> {
    let page = about.page;
    let label = |name: &str| page.t(&format!("form-deed-{name}"));
    match act {
        ActKind::SeekConsent => {
            let kinds =
                ConsentKind::ALL.iter().map(|(_, code)| ((*code).to_owned(), page.t(&format!("consent-{code}"))));
            vec![maker.menu("kind", &label("consent-kind"), kinds), maker.line("recipient", &label("recipient")), said]
        }
        ActKind::GiveConsent => {
            let open = about.case.care.consents.iter().enumerate();
            let open = open.filter(|(_, one)| one.by != about.us && one.answer.is_none());
            let open = open.map(|(place, one)| (place, one.recipient.clone(), one.what.get(page.lang()).to_owned()));
            vec![numbered(maker, &label("consent"), open), yes_no(about, maker, "granted"), said]
        }
        ActKind::Forward => forward_inputs(about, maker, said),
        ActKind::Recall | ActKind::Correct => {
            let own = about.case.record.iter().filter(|one| one.by == *page.us() && one.moot.is_none());
            let own = own.filter(|one| act == ActKind::Correct || hands_over(one.kind));
            let own = own.map(|one| {
                (one.seq.to_string(), format!("{}. {}", one.seq, page.act_in(&about.case.type_code, &one.kind)))
            });
            vec![maker.menu("seq", &label("own-act"), own), said]
        }
        ActKind::ReportCompliance => {
            let open = about.case.care.retractions.iter().enumerate();
            let open = open.filter(|(_, one)| one.by != about.us && one.report.is_none());
            let open = open.map(|(place, one)| (place, one.seq.to_string(), one.words.get(page.lang()).to_owned()));
            let mut inputs = vec![numbered(maker, &label("retraction"), open), yes_no(about, maker, "complied")];
            for (place, name) in about.case.care.recipients(about.us).into_iter().enumerate() {
                let choices = ["yes", "no"].map(|code| (code.to_owned(), page.t(code), String::new()));
                inputs.push(maker.radio(&reached(place), &page.t1("care-reached", "recipient", name), choices));
            }
            inputs.push(said);
            inputs
        }
        ActKind::CheckUndertaking | ActKind::DischargeUndertaking => {
            let given = about.case.care.in_force();
            let mine = |office: &domain::ids::OfficeId| office.party() == *page.us();
            let given = given.filter(|(_, one)| act == ActKind::CheckUndertaking || !mine(&one.by));
            let given =
                given.map(|(place, one)| (place, page.office_name(&one.by), one.words.get(page.lang()).to_owned()));
            let which = numbered(maker, &label("undertaking"), given);
            if act == ActKind::CheckUndertaking {
                vec![which, yes_no(about, maker, "kept"), said]
            } else {
                vec![which, said]
            }
        }
        ActKind::CiteNorm => {
            let norms = page.instrument().norms().iter().map(|norm| (norm.id.clone(), page.text(&norm.text)));
            let norms = norms.map(|(id, words)| (id.clone(), id, words));
            vec![maker.radio("norm", &label("norm"), norms), said]
        }
        ActKind::LogContact => {
            let levels = page.instrument().ladder().iter();
            let levels = levels.map(|rung| (rung.level.to_string(), page.level_name(rung.level)));
            vec![maker.menu("level", &label("level"), levels), maker.line("means", &label("means")), said]
        }
        _ => vec![said],
    }
}

/// To whom a copy goes, and what is masked in it: every field, file and answer there is to choose from.
fn forward_inputs(about: &About<'_>, maker: &Maker<'_>, said: Input) -> Vec<Input> {
    let page = about.page;
    let ours = page.instrument().offices_of(page.us()).filter(|office| office.id != *about.case.office(about.us));
    let ours = ours.map(|office| (office.id.to_string(), page.text(&office.name)));
    let mut inputs = vec![maker.menu("to", &page.t("form-deed-to"), ours).hint(&page.t("mask-hint"))];
    let mut tick = |name: String, words: String| {
        inputs.push(maker.tick(&name, &page.t1("mask-out", "what", words)));
    };
    for (place, id) in masked_fields(about).iter().enumerate() {
        tick(format!("mask-field-{place}"), page.part_of(Some(about.rule), id));
    }
    for (place, file) in about.case.request.attachments.iter().enumerate() {
        tick(format!("mask-file-{place}"), file.name.clone());
    }
    for (place, one) in masked_acts(about).iter().enumerate() {
        tick(format!("mask-act-{place}"), page.masked_act(about.case, one));
    }
    inputs.push(said);
    inputs
}

/// The parts of the request that hold something and may be masked, in the order of the form.
fn masked_fields(about: &About<'_>) -> Vec<String> {
    let request = &about.case.request;
    let written = |part: &&&str| match **part {
        "urgency_reason" => request.urgency_reason.is_some(),
        "confidentiality" => request.confidentiality.is_some(),
        _ => true,
    };
    let header = MASKABLE_PARTS.iter().filter(written).map(|part| (*part).to_owned());
    let maskable =
        |field: &&Field| request.fields.contains_key(&field.id) && about.rule.expires.as_ref() != Some(&field.id);
    header.chain(about.rule.fields.iter().filter(maskable).map(|field| field.id.clone())).collect()
}

fn masked_files(about: &About<'_>) -> Vec<Hash32> {
    about.case.request.attachments.iter().map(|file| file.root).collect()
}

/// The acts whose words hold something: what was answered and supplied.
fn masked_acts(about: &About<'_>) -> Vec<ActRef> {
    let says = |kind: ActKind| {
        matches!(kind, ActKind::Interim | ActKind::Respond | ActKind::Supplement | ActKind::Advise | ActKind::Reply)
    };
    let record = about.case.record.iter().filter(|one| says(one.kind) && one.moot.is_none());
    record.map(|one| ActRef { by: one.by.clone(), seq: one.seq }).collect()
}

/// Those of a list whose box was ticked.
fn ticked<T: Clone>(reader: &Reader<'_>, prefix: &str, list: &[T]) -> Vec<T> {
    let ticked = list.iter().enumerate().filter(|(place, _)| reader.typed.ticked(&format!("{prefix}{place}")));
    ticked.map(|(_, one)| one.clone()).collect()
}

/// One of the open objects of the case, by its number.
pub(super) fn numbered(maker: &Maker<'_>, label: &str, open: impl Iterator<Item = (usize, String, String)>) -> Input {
    maker.radio(
        "number",
        label,
        open.map(|(place, name, words)| ((place + 1).to_string(), format!("{}. {name}", place + 1), words)),
    )
}

fn yes_no(about: &About<'_>, maker: &Maker<'_>, name: &str) -> Input {
    let page = about.page;
    let choices = ["yes", "no"].map(|code| (code.to_owned(), page.t(code), String::new()));
    maker.radio(name, &page.t(&format!("form-deed-{name}")), choices)
}

/// The deed typed into one of these forms; `None` when it cannot be read, with what is wrong noted by the reader.
pub(super) fn read(reader: &mut Reader<'_>, act: ActKind) -> Option<Deed> {
    Some(match act {
        ActKind::Record => {
            let named = reader.line("step");
            let (step, item) = match named.split_once(OF) {
                Some((step, item)) => (step.to_owned(), Some(item.to_owned())),
                None => (named, None),
            };
            let dated = reader.about.rule.step(&step).is_some_and(|step| step.dated);
            let until = if dated { reader.day("until") } else { None };
            Deed::Record { step, note: reader.said(), item, until }
        }
        ActKind::StatePosition => Deed::StatePosition { position: reader.said() },
        ActKind::ProposeText => {
            let note = reader.typed.prose("words", reader.about.langs);
            Deed::ProposeText { text: reader.words("text"), note }
        }
        ActKind::Reserve => Deed::Reserve { reservation: reader.said() },
        ActKind::SignText => {
            let (version, text) = reader.about.case.talk.on_table()?;
            let sha256 = text.text.digest();
            reader.choice("version", |_| Some(()))?;
            Deed::SignText { version, sha256 }
        }
        ActKind::Authorise => Deed::Authorise { note: reader.said() },
        ActKind::Extend => {
            let (until, reason) = (reader.day("until"), reader.said());
            Deed::Extend { until: until?, reason }
        }
        ActKind::Adopt => {
            let (instrument, reason) = (reader.choice("instrument", |text| Hash32::from_hex(text).ok()), reader.said());
            Deed::Adopt { instrument: instrument?, reason }
        }
        ActKind::Abort => Deed::Abort { reason: reader.said() },
        ActKind::Conclude => Deed::Conclude { reason: reader.said() },
        ActKind::BookAsset => {
            let (asset, movement) = (reader.line("asset"), reader.choice("movement", Movement::from_code));
            let money = read_money(reader.typed, "amount", &mut reader.wrong);
            let (amount, note) = (reader.wanted("amount", money), reader.said());
            Deed::BookAsset { asset, movement: movement?, amount: amount?, note }
        }
        ActKind::TableItem | ActKind::SettleItem | ActKind::Undertake => return agenda::read(reader, act),
        _ => return care(reader, act),
    })
}

/// The same for what was handed over, for norms and for the log of the escalation route.
fn care(reader: &mut Reader<'_>, act: ActKind) -> Option<Deed> {
    let number = |text: &str| text.parse().ok();
    Some(match act {
        ActKind::SeekConsent => {
            let (kind, recipient) = (reader.choice("kind", ConsentKind::from_code), reader.line("recipient"));
            let what = reader.said();
            Deed::SeekConsent { kind: kind?, recipient, what }
        }
        ActKind::GiveConsent => {
            let (which, granted) = (reader.choice("number", number), reader.choice("granted", answer));
            let words = reader.said();
            Deed::GiveConsent { number: which?, granted: granted?, words }
        }
        ActKind::Forward => {
            let to = reader.choice("to", |id| OfficeId::new(id).ok());
            let fields = ticked(reader, "mask-field-", &masked_fields(reader.about));
            let files = ticked(reader, "mask-file-", &masked_files(reader.about));
            let acts = ticked(reader, "mask-act-", &masked_acts(reader.about));
            let reason = reader.said();
            Deed::Forward { to: to?, fields, files, acts, reason }
        }
        ActKind::Recall => {
            let (seq, reason) = (reader.choice("seq", |text| text.parse().ok()), reader.said());
            Deed::Recall { seq: seq?, reason }
        }
        ActKind::Correct => {
            let (seq, correction) = (reader.choice("seq", |text| text.parse().ok()), reader.said());
            Deed::Correct { seq: seq?, correction }
        }
        ActKind::ReportCompliance => {
            let (which, complied) = (reader.choice("number", number), reader.choice("complied", answer));
            let (recipients, words) = (recipients(reader), reader.said());
            Deed::ReportCompliance { number: which?, complied: complied?, words, recipients: recipients? }
        }
        ActKind::CheckUndertaking => {
            let (which, kept) = (reader.choice("number", number), reader.choice("kept", answer));
            let note = reader.said();
            Deed::CheckUndertaking { number: which?, kept: kept?, note }
        }
        ActKind::DischargeUndertaking => {
            let (which, reason) = (reader.choice("number", number), reader.said());
            Deed::DischargeUndertaking { number: which?, reason }
        }
        ActKind::CiteNorm => Deed::CiteNorm { norm: reader.line("norm"), words: reader.said() },
        ActKind::LogContact => {
            let (level, means) = (reader.choice("level", |text| text.parse().ok()), reader.line("means"));
            let words = reader.said();
            Deed::LogContact { level: level?, means, words }
        }
        _ => return None,
    })
}

/// What is said of each onward recipient; all are asked before one that is missing is given up for.
fn recipients(reader: &mut Reader<'_>) -> Option<Vec<RecipientReport>> {
    let named = reader.about.case.care.recipients(reader.about.us);
    let named: Vec<String> = named.into_iter().map(str::to_owned).collect();
    let told: Vec<Option<RecipientReport>> = named
        .into_iter()
        .enumerate()
        .map(|(place, recipient)| {
            let complied = reader.choice(&reached(place), answer)?;
            Some(RecipientReport { recipient, complied })
        })
        .collect();
    told.into_iter().collect()
}

/// The input that asks for one onward recipient.
fn reached(place: usize) -> String {
    format!("reached-{place}")
}

fn answer(code: &str) -> Option<bool> {
    match code {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Typed;
    use super::*;

    #[test]
    fn a_step_and_its_item_come_through_a_form() {
        let sent = format!("DONE{OF}the first of two");
        let mut typed = Typed::default();
        typed.put("step", &sent);
        assert_eq!(typed.get("step"), sent);
        assert_eq!(code_of(typed.get("step")), "DONE");
    }
}
