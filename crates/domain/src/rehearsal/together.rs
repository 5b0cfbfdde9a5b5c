//! What could be said next about a text, a plan, property, and what was handed over.
//!
//! Owns the invention of those deeds for exercises and tests. Must not judge them.

use crate::act::{ActKind, ActRef, ConsentKind, Deed, RecipientReport};
use crate::asset::{Money, Movement};
use crate::case::{self, Case};
use crate::content;
use crate::handling::Tlp;
use crate::ids::OfficeId;
use crate::instrument::{RequestType, Step};
use crate::menu::Menu;
use crate::procedure::Side;

use super::Rehearsal;
use jiff::Timestamp;

impl Rehearsal<'_, '_> {
    /// A step that may be recorded now.
    pub(super) fn step(&mut self, case: &Case, rule: &RequestType, side: Side, now: Timestamp) -> Option<Deed> {
        let mut open: Vec<(&Step, Option<String>)> = Vec::new();
        for step in rule.steps.iter().filter(|step| step.by.is(side) && step.at.contains(&case.stage())) {
            for item in case::objects(&case.request, step) {
                let named = (step.code.as_str(), item.as_ref());
                let early = case::of_text(step) && case.talk.on_table().is_none();
                if !early && case.steps.judge(rule, &case.requested, &case.request, named).is_ok() {
                    open.push((step, item));
                }
            }
        }
        let (step, item) = self.one(&open)?.clone();
        let days = 1 + self.number(90);
        let until = step.dated.then(|| self.day(case.party(side), now, days));
        Some(Deed::Record { step: step.code.clone(), note: self.words("note"), item, until })
    }

    /// The deeds the procedures other than assistance add, and the care for what was handed over.
    pub(super) fn together(&mut self, case: &Case, side: Side, act: ActKind, now: Timestamp) -> Option<Deed> {
        let wanted = case.rule(self.instrument).and_then(RequestType::text_field).is_some_and(|field| field.required);
        let rule = case.rule(self.instrument);
        let bound = rule.is_some_and(|rule| case.is_bound(rule, side));
        let agreed = case.talk.agreed().is_some();
        let undone = |act: ActKind| !case.both.get(&act).is_some_and(|done| done.contains(&side));
        Some(match act {
            ActKind::StatePosition => Deed::StatePosition { position: self.words("position") },
            ActKind::ProposeText | ActKind::Conclude if bound => return None,
            ActKind::ProposeText => {
                // Where a text is not agreed yet, the brackets say so.
                let mut text = if self.coin() { self.words("text") } else { self.words("text [not agreed]") };
                if let Some((hash, _)) = rule.and_then(|rule| content::amendment(&case.request, rule)) {
                    text.texts.values_mut().for_each(|words| words.push_str(&format!(" {hash}")));
                }
                if let Some(line) = rule.and_then(|rule| content::report(&case.request, rule)) {
                    text.texts.values_mut().for_each(|words| words.push_str(&format!(" {line}")));
                }
                Deed::ProposeText { text, note: self.coin().then(|| self.words("note")) }
            }
            ActKind::Reserve => Deed::Reserve { reservation: self.words("reservation") },
            ActKind::SignText => {
                let (version, text) = case.talk.on_table().filter(|_| !case.talk.signed_by(side))?;
                let asks = side == Side::Requesting && !case.talk.signed_by(Side::Requested);
                if asks && rule.is_some_and(|rule| rule.reports.is_some()) {
                    return None;
                }
                if text.text.bracketed() > 0 {
                    return None;
                }
                Deed::SignText { version, sha256: text.text.digest() }
            }
            ActKind::Authorise if undone(act) && (agreed || !wanted) => {
                Deed::Authorise { note: self.words("authority") }
            }
            ActKind::Extend => {
                let theirs = case.period.named.get(&side.other()).copied();
                let days = 1 + self.number(60);
                let until = theirs.filter(|_| self.coin()).unwrap_or_else(|| self.day(case.party(side), now, days));
                Deed::Extend { until, reason: self.words("reason") }
            }
            ActKind::Abort => Deed::Abort { reason: self.words("reason") },
            ActKind::Conclude => Deed::Conclude { reason: self.words("reason") },
            ActKind::BookAsset if case.has_extra(self.instrument, act) => self.movement(case, side)?,
            ActKind::TableItem | ActKind::SettleItem | ActKind::Undertake => {
                return self.agenda(case, side, act, now).filter(|_| case.has_extra(self.instrument, act));
            }
            _ => return self.care(case, side, act),
        })
    }

    /// An item for the agenda of a meeting, its outcome, what is undertaken there.
    fn agenda(&mut self, case: &Case, side: Side, act: ActKind, now: Timestamp) -> Option<Deed> {
        let items = &case.talk.items;
        Some(match act {
            ActKind::TableItem => Deed::TableItem { topic: self.words("topic"), about: None },
            ActKind::SettleItem => {
                let open = items.iter().position(|item| item.outcome.is_none())?;
                Deed::SettleItem { number: u32::try_from(open + 1).ok()?, outcome: self.words("outcome") }
            }
            _ => {
                let owners: Vec<&OfficeId> =
                    self.instrument.offices_of(case.party(side)).map(|office| &office.id).collect();
                let owner = (*self.one(&owners)?).clone();
                let days = 1 + self.number(60);
                let item = items.first().filter(|_| self.coin()).map(|_| 1);
                Deed::Undertake { what: self.words("what"), owner, due_on: self.day(case.party(side), now, days), item }
            }
        })
    }

    fn care(&mut self, case: &Case, side: Side, act: ActKind) -> Option<Deed> {
        let number = |place: usize| u32::try_from(place + 1).ok();
        let theirs = |party: &crate::ids::PartyId| party != case.party(side);
        Some(match act {
            ActKind::SeekConsent => {
                let kind = if self.coin() { ConsentKind::OnwardTransfer } else { ConsentKind::NewUse };
                Deed::SeekConsent { kind, recipient: "another office".to_owned(), what: self.words("what") }
            }
            ActKind::GiveConsent => {
                let open = case.care.consents.iter().position(|one| one.by != side && one.answer.is_none())?;
                Deed::GiveConsent { number: number(open)?, granted: self.coin(), words: self.words("terms") }
            }
            ActKind::Forward => {
                let rule = case.rule(self.instrument)?;
                let open = case.request.mark <= Tlp::Amber;
                let lists = [&rule.may_send, &rule.may_receive, &rule.may_execute].into_iter().flatten();
                let offices = lists.filter(|office| open && !theirs(&office.party()) && *office != case.office(side));
                let offices: Vec<&OfficeId> = offices.collect();
                let to = (*self.one(&offices)?).clone();
                let maskable = rule.fields.iter().map(|field| &field.id);
                let maskable: Vec<&String> = maskable.filter(|id| rule.expires.as_ref() != Some(*id)).collect();
                let fields = self.one(&maskable).map(|id| (*id).clone()).into_iter().collect();
                let opens = |one: &&crate::case::Recorded| matches!(one.kind, ActKind::Submit | ActKind::Preconsult);
                let acts =
                    case.record.last().filter(|one| !opens(one)).map(|one| ActRef { by: one.by.clone(), seq: one.seq });
                let reason = self.words("needs to know");
                Deed::Forward { to, fields, files: Vec::new(), acts: acts.into_iter().collect(), reason }
            }
            ActKind::Recall | ActKind::Correct => {
                let own: Vec<u64> = case
                    .record
                    .iter()
                    .filter(|one| !theirs(&one.by) && one.moot.is_none())
                    .filter(|one| act == ActKind::Correct || case::hands_over(one.kind))
                    .map(|one| one.seq)
                    .collect();
                let seq = *self.one(&own)?;
                if act == ActKind::Recall {
                    Deed::Recall { seq, reason: self.words("reason") }
                } else {
                    Deed::Correct { seq, correction: self.words("correction") }
                }
            }
            ActKind::ReportCompliance => {
                let open = case.care.retractions.iter().position(|one| one.by != side && one.report.is_none())?;
                let complied = self.coin();
                let told = case.care.recipients(side).into_iter();
                let recipients = told.map(|name| RecipientReport { recipient: name.to_owned(), complied }).collect();
                Deed::ReportCompliance { number: number(open)?, complied, words: self.words("done"), recipients }
            }
            ActKind::CheckUndertaking => {
                let (place, _) = case.care.in_force().next()?;
                Deed::CheckUndertaking { number: number(place)?, kept: self.coin(), note: self.words("check") }
            }
            ActKind::DischargeUndertaking => {
                let (place, _) = case.care.in_force().find(|(_, one)| theirs(&one.by.party()))?;
                Deed::DischargeUndertaking { number: number(place)?, reason: self.words("reason") }
            }
            ActKind::CiteNorm => {
                let norm = self.one(self.instrument.norms())?.id.clone();
                Deed::CiteNorm { norm, words: self.words("bearing") }
            }
            ActKind::LogContact => {
                let level = u8::try_from(self.number(5)).unwrap_or(0);
                Deed::LogContact { level, means: "telephone".to_owned(), words: self.words("said") }
            }
            _ => return None,
        })
    }

    /// A movement of property that this side may book and that there is enough for.
    fn movement(&mut self, case: &Case, side: Side) -> Option<Deed> {
        let mut open: Vec<(String, Movement, Money)> = Vec::new();
        let goes_on = case.rule(self.instrument).is_some_and(|rule| !rule.continues_as.is_empty());
        let fresh = Money::new(&format!("{}.50", 1 + self.number(100_000)), "GBP").ok()?;
        open.push((format!("asset {}", case.bookings.len() + 1), Movement::Restrain, fresh));
        for (name, property) in case.assets.properties() {
            for (movement, _) in Movement::ALL {
                let held = movement.way().0.map(|from| property.sum(from));
                let Some(held) = held.filter(|held| !held.is_zero()) else { continue };
                let Ok(money) = Money::new(&held.to_string(), &property.currency) else { continue };
                let leads_nowhere = movement.is_passage() && !goes_on;
                if !leads_nowhere && case.assets.judge(side, name, *movement, &money).is_ok() {
                    open.push((name.to_owned(), *movement, money));
                }
            }
        }
        let (asset, movement, amount) = self.one(&open)?.clone();
        Some(Deed::BookAsset { asset, movement, amount, note: self.words("ground") })
    }
}
