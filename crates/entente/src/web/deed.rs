//! An act as its lane shows it: one row a part, in the page's language.
//!
//! Owns which parts of a deed are shown and in which order. Must not know what a deed does.

use std::collections::BTreeMap;

use domain::act::{Act, Condition, Deed, MatchStep};
use domain::content::{Attachment, FieldValue};
use domain::instrument::RequestType;
use domain::menu::Menu;
use domain::text::Prose;

use super::forms::deed::about_code;
use super::page::Page;
use super::said::Said;

/// A line of an act in its lane: what it is called, and the words.
pub struct DeedRow {
    /// What the words are; empty when that is plain.
    pub label: String,
    /// The words.
    pub words: Said,
    /// Whether they are an officer's own words rather than ours.
    pub own: bool,
}

impl Page {
    /// The lines an act shows in its lane.
    #[must_use]
    pub fn deed_rows(&self, act: &Act) -> Vec<DeedRow> {
        match &act.deed {
            Deed::Preconsult { request } | Deed::Submit { request } => vec![self.own("", &request.title)],
            Deed::Advise { advice } => vec![self.own("", advice)],
            Deed::Acknowledge { reference, officer, contact } => vec![
                self.ours("deed-reference", reference),
                DeedRow { label: self.t("deed-officer"), words: self.name(&officer.name), own: false },
                self.ours("part-contact", contact),
            ],
            Deed::Transfer { to, reason } => {
                vec![self.ours("deed-to", self.office_name(to)), self.own("deed-reason", reason)]
            }
            Deed::ReturnIncomplete { items } => {
                items.iter().map(|item| self.of_part(act, &item.field, &item.want)).collect()
            }
            Deed::Supplement { fields, attachments, unable, note } => {
                let mut rows: Vec<DeedRow> = self.supplied(act, fields).into_iter().collect();
                rows.extend(unable.iter().map(|(id, why)| {
                    let label = self.t1("form-deed-unable", "part", self.part_of_case(act, id));
                    DeedRow { label, words: self.said(why), own: true }
                }));
                rows.extend(self.files(attachments));
                rows.push(self.own("", note));
                rows
            }
            Deed::OfferConditions { conditions } => conditions.iter().map(|one| self.condition_row(one)).collect(),
            Deed::AcceptConditions { undertaking } => vec![self.own("deed-undertaking", undertaking)],
            Deed::DeclineConditions { reason } => vec![self.own("deed-reason", reason)],
            Deed::Postpone { reason, review_on } => {
                vec![self.own("deed-reason", reason), self.ours("deed-review", self.date(review_on))]
            }
            Deed::Accept { note } => note.iter().map(|words| self.own("", words)).collect(),
            Deed::AcceptPart { scope } => vec![self.own("deed-scope", scope)],
            Deed::Refuse { ground, reason: why, considered, withheld } => {
                let mut rows = vec![self.ours("ground", self.ground(ground))];
                rows.extend(self.reasons(why.as_ref()));
                if *withheld {
                    rows.push(self.ours("deed-reason", self.t("deed-withheld")));
                }
                rows.push(self.own("deed-considered", considered));
                rows
            }
            Deed::Reconsider { argument } => vec![self.own("deed-argument", argument)],
            Deed::Uphold { reason } | Deed::Reopen { reason } | Deed::Withdraw { reason } => {
                vec![self.own("deed-reason", reason)]
            }
            _ => self.answer_rows(act),
        }
    }

    /// The same for what comes once a request is being carried out, and for the ladder.
    fn answer_rows(&self, act: &Act) -> Vec<DeedRow> {
        match &act.deed {
            Deed::Forward { .. } => self.forward_rows(act),
            Deed::Record { step, note, item, until } => {
                let mut rows = vec![self.ours("deed-step", self.step_name(act, step))];
                rows.extend(item.as_ref().map(|item| self.ours("form-deed-item", item)));
                rows.extend(until.as_ref().map(|day| self.ours("form-deed-until-day", self.date(day))));
                rows.push(self.own("", note));
                rows
            }
            Deed::Preserve { what, until } => {
                vec![self.own("deed-what", what), self.ours("deed-until", self.moment_words(until, &act.by))]
            }
            Deed::Interim { answer, attachments } => {
                let mut rows = vec![self.own("", answer)];
                rows.extend(self.files(attachments));
                rows
            }
            Deed::Respond { extent, answer, attachments } => {
                let mut rows = vec![self.ours("deed-extent", self.extent(extent)), self.own("", answer)];
                rows.extend(self.files(attachments));
                rows
            }
            Deed::Ask { question } => vec![self.own("", question)],
            Deed::Reply { question, answer } => {
                vec![self.ours("deed-question", question.to_string()), self.own("", answer)]
            }
            Deed::ReportOutcome { usefulness, used_for } => {
                vec![self.ours("deed-usefulness", format!("{usefulness}/5")), self.own("deed-used-for", used_for)]
            }
            Deed::Close { lesson } => lesson.iter().map(|words| self.own("deed-lesson", words)).collect(),
            Deed::ConfirmRelease { note } => vec![self.own("", note)],
            Deed::Regrade { urgency, reason } => {
                vec![self.ours("deed-urgency", self.urgency(urgency)), self.own("deed-reason", reason)]
            }
            Deed::Escalate { level, reason: why } => {
                let mut rows = vec![self.ours("level", self.level_name(*level))];
                rows.extend(self.reasons(why.as_ref()));
                rows
            }
            Deed::AnswerEscalation { level, answer } => {
                vec![self.ours("level", self.level_name(*level)), self.own("", answer)]
            }
            Deed::BeginReview {}
            | Deed::Resume {}
            | Deed::BeginExecution {}
            | Deed::RemindOutcome {}
            | Deed::Lapse {} => Vec::new(),
            // Shown by the caller; named, so that a new deed cannot go unshown.
            Deed::Preconsult { .. }
            | Deed::Advise { .. }
            | Deed::Submit { .. }
            | Deed::Acknowledge { .. }
            | Deed::Transfer { .. }
            | Deed::ReturnIncomplete { .. }
            | Deed::Supplement { .. }
            | Deed::OfferConditions { .. }
            | Deed::AcceptConditions { .. }
            | Deed::DeclineConditions { .. }
            | Deed::Postpone { .. }
            | Deed::Accept { .. }
            | Deed::AcceptPart { .. }
            | Deed::Refuse { .. }
            | Deed::Reconsider { .. }
            | Deed::Uphold { .. }
            | Deed::Reopen { .. }
            | Deed::Withdraw { .. } => Vec::new(),
            other => self.together_rows(other),
        }
    }

    /// The same for texts, plans and property.
    fn together_rows(&self, deed: &Deed) -> Vec<DeedRow> {
        match deed {
            Deed::StatePosition { position: words }
            | Deed::Reserve { reservation: words }
            | Deed::Authorise { note: words }
            | Deed::Abort { reason: words }
            | Deed::Conclude { reason: words } => vec![self.own("", words)],
            Deed::ProposeText { text, note } => {
                // The text itself stands in the page's own section; here it is named.
                let mut rows: Vec<DeedRow> = note.iter().map(|note| self.own("", note)).collect();
                rows.push(self.ours("form-deed-sha256", text.digest().short()));
                rows
            }
            Deed::SignText { version, sha256 } => {
                vec![self.ours("form-deed-version", version.to_string()), self.ours("form-deed-sha256", sha256.short())]
            }
            Deed::Extend { until, reason } => {
                vec![self.ours("form-deed-until-day", self.date(until)), self.own("deed-reason", reason)]
            }
            Deed::Adopt { instrument, reason } => {
                vec![
                    self.ours("form-deed-adopt-version", self.version_name(instrument)),
                    self.own("deed-reason", reason),
                ]
            }
            Deed::BookAsset { asset, movement, amount, note } => vec![
                self.ours("form-deed-asset", asset),
                self.ours("form-deed-movement", self.t(&format!("movement-{}", movement.code()))),
                self.ours("form-deed-amount", self.amount(amount)),
                self.own("", note),
            ],
            other => self.care_rows(other),
        }
    }

    /// The same for the care of what was handed over, for norms and for the log of the escalation route.
    fn care_rows(&self, deed: &Deed) -> Vec<DeedRow> {
        match deed {
            Deed::SeekConsent { kind, recipient, what } => vec![
                self.ours("form-deed-consent-kind", self.t(&format!("consent-{}", kind.code()))),
                self.ours("form-deed-recipient", recipient),
                self.own("", what),
            ],
            Deed::GiveConsent { number, granted, words } => vec![
                self.ours("form-deed-consent", number.to_string()),
                self.ours("form-deed-granted", self.yes_no(*granted)),
                self.own("", words),
            ],
            Deed::Recall { seq, reason: words } | Deed::Correct { seq, correction: words } => {
                vec![self.ours("form-deed-own-act", seq.to_string()), self.own("", words)]
            }
            Deed::ReportCompliance { number, complied, words, recipients } => {
                let mut rows = vec![
                    self.ours("form-deed-retraction", number.to_string()),
                    self.ours("form-deed-complied", self.yes_no(*complied)),
                ];
                rows.extend(recipients.iter().map(|one| self.ours("form-deed-recipient", self.reached_words(one))));
                rows.push(self.own("", words));
                rows
            }
            Deed::CertifyDeletion { erased } => vec![self.ours("form-deed-erased", erased.len().to_string())],
            Deed::CheckUndertaking { number, kept, note } => vec![
                self.ours("form-deed-undertaking", number.to_string()),
                self.ours("form-deed-kept", self.yes_no(*kept)),
                self.own("", note),
            ],
            Deed::DischargeUndertaking { number, reason } => {
                vec![self.ours("form-deed-undertaking", number.to_string()), self.own("deed-reason", reason)]
            }
            Deed::TableItem { topic, about } => {
                let mut rows = vec![self.own("", topic)];
                rows.extend(about.iter().map(|about| self.ours("form-deed-about", about_code(about))));
                rows
            }
            Deed::SettleItem { number, outcome } => {
                vec![self.ours("form-deed-agenda-item", number.to_string()), self.own("", outcome)]
            }
            Deed::Undertake { what, owner, due_on, item } => {
                let mut rows = vec![self.own("", what), self.ours("form-deed-owner", self.office_name(owner))];
                rows.push(self.ours("form-deed-due-on", self.date(due_on)));
                rows.extend(item.map(|number| self.ours("form-deed-agenda-item", number.to_string())));
                rows
            }
            Deed::CiteNorm { norm, words } => vec![self.ours("form-deed-norm", norm), self.own("", words)],
            Deed::LogContact { level, means, words } => vec![
                self.ours("level", self.level_name(*level)),
                self.ours("form-deed-means", means),
                self.own("", words),
            ],
            Deed::Match { step } => self.match_rows(step),
            _ => Vec::new(),
        }
    }

    /// A step of a matching: which, the hash that binds it, and the words of a finding.
    fn match_rows(&self, step: &MatchStep) -> Vec<DeedRow> {
        let mut rows = vec![self.ours("deed-match-step", self.match_step(&step.kind()))];
        rows.extend(step.hash().map(|hash| self.ours("deed-match-hash", hash.to_string())));
        if let MatchStep::Find { finding, words, .. } = step {
            rows.push(self.ours("match-finding", self.match_finding(finding)));
            rows.push(self.own("", words));
        }
        rows
    }

    /// Yes or no.
    #[must_use]
    pub fn yes_no(&self, yes: bool) -> String {
        self.t(if yes { "yes" } else { "no" })
    }

    /// A level of the ladder: `L2 Central authorities`.
    #[must_use]
    pub fn level_name(&self, level: u8) -> String {
        let name = self.instrument().rung(level).map(|rung| self.text(&rung.name)).unwrap_or_default();
        format!("L{level} {name}")
    }

    fn own(&self, key: &str, words: &Prose) -> DeedRow {
        DeedRow { label: self.label_of(key), words: self.said(words), own: true }
    }

    fn ours(&self, key: &str, words: impl AsRef<str>) -> DeedRow {
        let mut said = Said::default();
        said.text(words.as_ref());
        DeedRow { label: self.label_of(key), words: said, own: false }
    }

    fn reasons(&self, words: Option<&Prose>) -> Option<DeedRow> {
        words.map(|words| self.own("deed-reason", words))
    }

    fn files(&self, files: &[Attachment]) -> Option<DeedRow> {
        (!files.is_empty()).then(|| self.ours("deed-files", files.len().to_string()))
    }

    fn label_of(&self, key: &str) -> String {
        if key.is_empty() { String::new() } else { self.t(key) }
    }

    fn condition_row(&self, condition: &Condition) -> DeedRow {
        DeedRow { label: self.condition(&condition.kind), words: self.said(&condition.words), own: true }
    }

    /// Which parts of the request came with a supplement.
    fn supplied(&self, act: &Act, fields: &BTreeMap<String, FieldValue>) -> Option<DeedRow> {
        let named: Vec<String> = fields.keys().map(|id| self.part_of_case(act, id)).collect();
        let named = named.join(" · ");
        (!named.is_empty()).then(|| self.ours("deed-supplied", named))
    }

    /// Words about one part of the request.
    fn of_part(&self, act: &Act, field: &str, words: &Prose) -> DeedRow {
        DeedRow { label: self.part_of_case(act, field), words: self.said(words), own: true }
    }

    fn part_of_case(&self, act: &Act, field: &str) -> String {
        if field == "other" {
            return self.t("deed-item");
        }
        // Several types may share a series: the one that has the field names it.
        let series = act.case.as_str().split('-').nth(1).unwrap_or("");
        let mut types = self.instrument().types().values().filter(|rule| rule.series == series);
        self.part_of(types.find(|rule| rule.field(field).is_some()), field)
    }

    fn forward_rows(&self, act: &Act) -> Vec<DeedRow> {
        let Deed::Forward { to, fields, files, acts, reason } = &act.deed else { return Vec::new() };
        let mut rows = vec![self.ours("form-deed-to", self.office_name(to))];
        let masked = self.mask_words(self.rule_of_case(act), fields, files.len(), acts);
        rows.extend(masked.map(|words| self.ours("mask", words)));
        rows.push(self.own("deed-reason", reason));
        rows
    }

    fn rule_of_case(&self, act: &Act) -> Option<&RequestType> {
        let series = act.case.as_str().split('-').nth(1).unwrap_or("");
        self.instrument().types().values().find(|rule| rule.series == series)
    }

    fn step_name(&self, act: &Act, code: &str) -> String {
        let types = self.instrument().types().values();
        let series = act.case.as_str().split('-').nth(1).unwrap_or("");
        let step = types.filter(|rule| rule.series == series).find_map(|rule| rule.step(code));
        step.map_or_else(|| code.to_owned(), |step| self.text(&step.name))
    }
}
