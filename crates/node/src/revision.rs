//! An amendment while it is drafted: from the files that change to the one file of the version proposed.
//!
//! Owns what is made of a draft's files. Must not judge whether a version may follow another (`domain::amendment`).

use domain::amendment::{self, AmendmentBar, BUNDLE_BYTES_MAX, Unfit};
use domain::content::{Attachment, FieldValue, Request};
use domain::instrument::{Finding, Instrument, Severity, SourceFile};
use domain::judge;
use domain::refusal::Refusal;
use jiff::civil::Date;
use store::{Chunks, Store};

use crate::Env;
use crate::amendment::Proposed;
use crate::draft::Draft;
use crate::fault::Failure;
use crate::party::Node;

/// The media type of a version in one file.
const MEDIA_TYPE: &str = "text/plain";

/// What came of making a version of a draft's files.
#[derive(Debug)]
pub enum Gathered {
    /// The version stands in the draft: its one file, and its hash in the field for it.
    Made(Box<Draft>),
    /// The files make no sound instrument: every error, with its place and remedy. The draft is as it was.
    Unsound(Vec<Finding>),
}

impl Node {
    /// Makes of the files attached to a draft the version it proposes: they stand in place of those of their name in the
    /// version signed last, whose number is counted on unless a file gives another. A version in one file is taken apart
    /// first, so that what was made before can be changed again.
    ///
    /// # Errors
    /// [`Refusal::NotCarried`] for a type that amends nothing; [`Refusal::Amendment`] when the version may not follow the
    /// one signed last; [`Refusal::Changed`]; [`Failure::Misbehaved`] when a file is not here whole; [`Failure::Fault`].
    pub fn gather_amendment(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        draft: &Draft,
    ) -> Result<Gathered, Failure> {
        let rule = judge::rule(self.instrument(), &draft.request.type_code)?;
        let type_code = rule.code.clone();
        let amends = rule.amends.clone().ok_or(Refusal::UnknownType { type_code })?;
        let latest = &self.instruments().latest().instrument;
        let mut changed: Vec<SourceFile> = Vec::new();
        for file in &draft.request.attachments {
            let bytes = self.small(chunks, file)?;
            match amendment::unbundle(&bytes) {
                Ok(files) => changed.extend(files),
                Err(_) => {
                    let text = String::from_utf8(bytes).map_err(|_| unfit(Unfit::Unsound))?;
                    changed.push(SourceFile { name: file.name.clone(), text });
                }
            }
        }
        let files = amendment::revised(latest, &number(latest, &changed), &changed);
        let loaded = Instrument::load(&files);
        let Some(next) = loaded.instrument else {
            let errors = loaded.findings.into_iter().filter(|finding| finding.severity == Severity::Error);
            return Ok(Gathered::Unsound(errors.collect()));
        };
        let bundle = amendment::bundle(&files);
        self.may_follow(bundle.as_bytes(), next.hash(), latest).map_err(unfit)?;
        let mut stager = self.stage(env);
        stager.push(bundle.as_bytes(), chunks)?;
        let name = format!("{}-{}.txt", next.id(), next.version()).replace(['/', '\\'], "-");
        let (file, row) = stager.finish(chunks, env, &name, MEDIA_TYPE)?;
        self.keep_staged(store, row)?;
        let mut draft = draft.clone();
        draft.request.attachments = vec![file];
        draft.request.fields.insert(amends.hash, FieldValue::Line(next.hash().to_string()));
        Ok(Gathered::Made(Box::new(self.save_draft(store, env, &draft)?)))
    }

    /// What a draft would bring in; `None` while its type amends nothing or its hash is wanting. A day that is not filled in
    /// yet is [`Date::MAX`].
    ///
    /// # Errors
    /// As [`Node::proposed`].
    pub fn drafted(&self, chunks: &dyn Chunks, request: &Request) -> Result<Option<Proposed>, Failure> {
        let rule = judge::rule(self.instrument(), &request.type_code)?;
        let latest = &self.instruments().latest().instrument;
        let mut request = request.clone();
        if let Some(amends) = &rule.amends {
            request.fields.entry(amends.from.clone()).or_insert(FieldValue::Date(Date::MAX));
        }
        self.proposed_in(chunks, &request, rule, latest)
    }

    /// A file no larger than a version may be, whole.
    pub(crate) fn small(&self, chunks: &dyn Chunks, file: &Attachment) -> Result<Vec<u8>, Failure> {
        if file.bytes > BUNDLE_BYTES_MAX as u64 {
            return Err(unfit(Unfit::NotABundle));
        }
        let mut bytes = Vec::new();
        self.open_attachment(file, chunks, &mut bytes)?;
        Ok(bytes)
    }
}

/// The number of the next version: the one its own files give, or the last counted on by one.
fn number(latest: &Instrument, changed: &[SourceFile]) -> String {
    let heads = changed.iter().filter_map(|file| file.text.split_once("\n[instrument]\n"));
    let lines = heads.flat_map(|(_, head)| head.lines().take_while(|line| !line.starts_with('[')));
    let given = lines.filter_map(|line| line.strip_prefix("version = \"")?.split('"').next());
    let given = given.filter(|number| *number != latest.version()).last();
    given.map_or_else(|| counted_on(latest.version()), str::to_owned)
}

/// The last number in a version, one higher: `1.0` to `1.1`; one without any gets one.
fn counted_on(version: &str) -> String {
    let digits = version.len() - version.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (head, last) = version.split_at(version.len() - digits);
    match last.parse::<u64>() {
        Ok(last) => format!("{head}{}", last.saturating_add(1)),
        Err(_) => format!("{version}.1"),
    }
}

fn unfit(why: Unfit) -> Failure {
    Refusal::Amendment(AmendmentBar::Unfit(why)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_counted_on() {
        let check = |from: &str, to: &str| assert_eq!(counted_on(from), to);
        check("1.0", "1.1");
        check("1.9", "1.10");
        check("2016", "2017");
        check("first", "first.1");
    }
}
