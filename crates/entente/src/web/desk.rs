//! The desk: what wants this officer's hand, what waits for signature, and what waits for others.
//!
//! Owns the lists' order on the page and the refreshing part. Must not know an act's rules.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::act::{ActKind, Role};
use domain::clock::ClockKind;
use domain::contact::DeskCheck;
use domain::ids::{OfficeId, PartyId, TypeCode};
use domain::judge::CENTRAL_LEVEL;
use domain::procedure::{self, Side, Stage, Wait};
use domain::safeguard::{self, Gate};
use node::people::Officer;
use node::view::{CaseFile, CaseLine, Desk, GateTask, Hand, Lateness, PreparedTask, Turn, Viewer};
use node::{Draft, Node};

use super::{Page, Signed, Stop, directory, html};
use crate::app::App;

/// Most acts named on one line of a list: the page of the case has them all.
const YOURS_NAMED_MAX: usize = 3;

/// The stages in which the outcome is to be told.
const OUTCOME: &[Stage] = &[Stage::Responded, Stage::OutcomeDue];

/// A draft in the list.
struct DraftLine {
    draft: Draft,
    /// What is still missing; 0 when it is complete.
    lacking: usize,
    /// Whether it waits for this officer's signature.
    to_sign: bool,
    /// Whether a safeguard of it waits for this officer's answer.
    to_answer: bool,
}

/// The safeguards of a case that wait for this officer before the same acts: one line, however many those are.
struct Asked {
    task: GateTask,
    gates: Vec<Gate>,
    acts: Vec<ActKind>,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage {
    page: Page,
    desk: Desk,
    drafts: Vec<DraftLine>,
    questions: Vec<Asked>,
    yours: usize,
    vacant: Vec<DeskCheck>,
    officer: Officer,
}

/// The house's own address leads to the desk.
pub async fn home() -> Response {
    Redirect::to("/desk").into_response()
}

/// The desk.
pub async fn show(Signed { page, officer }: Signed, State(app): State<App>) -> Result<Response, Stop> {
    let (desk, drafts) = read(&app, &officer).await?;
    let mine = |check: &DeskCheck| check.by == officer.office || check.desk == officer.office;
    let mut vacant = directory::checks(&app, &page).await?;
    vacant.retain(|check| mine(check) && page.is_vacant(check));
    let of_cases = desk.lines.iter().filter(|line| matches!(line.turn, Turn::Ours { yours: true, .. })).count();
    let of_ladder = desk.raised.iter().filter(|task| task.yours).count();
    let questions = asked(&desk.questions);
    let of_drafts = drafts.iter().filter(|line| line.to_sign || line.to_answer).count();
    let of_masks = desk.reveals.iter().filter(|task| task.yours).count();
    let of_measures = desk.measures.iter().filter(|task| task.yours && !task.next.is_empty()).count();
    let of_prepared = desk.prepared.iter().filter(|task| task.is_yours()).count();
    let yours = of_cases + of_ladder + questions.len() + of_drafts + of_prepared + of_masks + of_measures;
    Ok(html(&DeskPage { page, desk, drafts, questions, yours, vacant, officer }))
}

async fn read(app: &App, officer: &Officer) -> Result<(Desk, Vec<DraftLine>), Stop> {
    let viewer = Viewer::of(officer);
    let signs = officer.roles.contains(&Role::Approver);
    let writes = signs || officer.roles.contains(&Role::Drafter);
    app.read(move |node, reader, now| {
        let desk = node.desk(reader, now, &viewer)?;
        let mut found = node.drafts(reader, Some(&viewer.office))?;
        found.retain(|draft| !viewer.second_track && (writes || answerable(node, draft, &viewer)));
        let line = |draft: Draft| DraftLine {
            lacking: node.lacking(&draft).map_or(1, |missing| missing.len()),
            to_sign: signs && draft.handed_over && !draft.is_by(&viewer.id),
            to_answer: answerable(node, &draft, &viewer),
            draft,
        };
        Ok((desk, found.into_iter().map(line).collect()))
    })
    .await
}

/// The questions of the desk, each safeguard of a case once, those before the same acts together.
fn asked(tasks: &[GateTask]) -> Vec<Asked> {
    let mut each: Vec<Asked> = Vec::new();
    for task in tasks {
        match each.iter_mut().find(|one| one.task.case == task.case && one.task.gate == task.gate) {
            Some(one) => one.acts.push(task.act),
            None => each.push(Asked { task: task.clone(), gates: vec![task.gate], acts: vec![task.act] }),
        }
    }
    let mut together: Vec<Asked> = Vec::new();
    for one in each {
        match together.iter_mut().find(|known| known.task.case == one.task.case && known.acts == one.acts) {
            Some(known) => known.gates.extend(one.gates),
            None => together.push(one),
        }
    }
    together
}

/// Whether a draft that was handed over has an unanswered safeguard the viewer may answer; who wrote of it never may.
fn answerable(node: &Node, draft: &Draft, viewer: &Viewer) -> bool {
    let rule = node.instrument().request_type(&draft.request.type_code);
    let gates = rule.into_iter().flat_map(|rule| rule.gates_of(ActKind::Submit, None, draft.request.sensitivity()));
    let open = |gate: &Gate| draft.gates.iter().all(|given| given.gate != *gate);
    draft.handed_over
        && !draft.is_by(&viewer.id)
        && gates.filter(open).any(|gate| viewer.is_any(safeguard::answerers(gate)))
}

/// The class of a line: how late it is, and whether the reader's hand is wanted.
pub(super) fn line_class(lateness: Lateness, mine: bool) -> &'static str {
    match (lateness, mine) {
        (Lateness::Overdue, true) => "late mine",
        (Lateness::Overdue, false) => "late",
        (Lateness::Today, true) => "today mine",
        (Lateness::Today, false) => "today",
        (Lateness::Ahead | Lateness::Nothing, true) => "mine",
        (Lateness::Ahead | Lateness::Nothing, false) => "",
    }
}

/// The message that says what we do next in a case.
fn next_key(line: &CaseLine) -> String {
    format!("next-{}", domain::menu::Menu::code(line.stage))
}

impl Page {
    /// The class of a line in a list of cases.
    #[must_use]
    pub fn line_class(&self, line: &CaseLine) -> &'static str {
        let mine = matches!(line.turn, Turn::Ours { yours: true, .. });
        line_class(line.lateness, mine)
    }

    /// What the reader does next with what is being prepared.
    #[must_use]
    pub fn prepared_next(&self, task: &PreparedTask) -> String {
        let key = match task.hand {
            Hand::Review(_) => "prepared-review",
            Hand::Sign => "prepared-sign",
            Hand::Mend => "prepared-mend",
            Hand::Write => "prepared-write",
            Hand::Wait => "prepared-wait",
        };
        self.t1(key, "act", self.to_do_in(&task.type_code, &task.prepared.deed.kind()))
    }

    /// The next act of a case in words: what we do, what they owe, or that it has ended.
    #[must_use]
    pub fn next_act(&self, line: &CaseLine) -> String {
        match &line.turn {
            // After the end only a duty of care is waited for.
            Turn::Ours { .. } if self.wait(line) == Wait::Over || self.is_task(line) => self.t("next-duty"),
            Turn::Theirs(_) if self.is_task(line) => self.t1("next-theirs", "what", self.clock_kind(&ClockKind::Task)),
            Turn::Ours { .. } => {
                let act = self.word_in(&line.type_code, &next_key(line));
                // What came of an answer is not known while what it promised is still owed.
                match line.awaited.as_ref().filter(|_| OUTCOME.contains(&line.stage)) {
                    Some(step) => self.t2("next-once", "act", act, "step", self.step_of_type(&line.type_code, step)),
                    None => act,
                }
            }
            Turn::Theirs(_) => match self.wait(line) {
                Wait::For(_, kind) | Wait::Turn(kind) | Wait::Both(_, kind) => {
                    let kind = self.clock_kind_in(&line.type_code, &kind);
                    self.t1("next-theirs", "what", kind)
                }
                Wait::Over => self.t1("next-theirs", "what", self.t("duty")),
                Wait::AtHome => self.stage_in(&line.type_code, &line.stage),
            },
            Turn::Courier => self.t("next-courier"),
            Turn::Over => self.t("next-over"),
        }
    }

    /// Whether a side that does not close the matter is waited for: because of what it undertook.
    fn is_task(&self, line: &CaseLine) -> bool {
        let closes = matches!(self.wait(line), Wait::For(Side::Requesting, ClockKind::Closing));
        let asked = match &line.turn {
            Turn::Ours { .. } => line.direction == store::Direction::Incoming,
            Turn::Theirs(_) => line.direction == store::Direction::Outgoing,
            Turn::Courier | Turn::Over => false,
        };
        closes && asked
    }

    /// What a case waits for where it stands.
    fn wait(&self, line: &CaseLine) -> Wait {
        self.rule(&line.type_code).map_or(Wait::Over, |rule| procedure::wait(rule.procedure, line.stage))
    }

    /// Who has the next act, below it.
    #[must_use]
    pub fn next_hand(&self, line: &CaseLine) -> String {
        match &line.turn {
            Turn::Ours { yours: true, acts, .. } => {
                let kind = self.procedure_of(&line.type_code);
                let side = match line.direction {
                    store::Direction::Outgoing => Side::Requesting,
                    store::Direction::Incoming => Side::Requested,
                };
                let roles = self.officer.iter().flat_map(|officer| &officer.roles);
                let open: Vec<ActKind> =
                    roles.flat_map(|role| procedure::open_to(kind, line.stage, side, *role)).collect();
                self.you_may(&line.type_code, &self.next_act(line), acts.iter().filter(|act| open.contains(act)))
            }
            Turn::Ours { roles, .. } => self.for_roles(line, roles),
            Turn::Theirs(_) | Turn::Courier | Turn::Over => self.stage_in(&line.type_code, &line.stage),
        }
    }

    /// The same on the page of the case, where it is known which of the acts can stand.
    #[must_use]
    pub fn next_hand_in(&self, file: &CaseFile) -> String {
        match &file.line.turn {
            Turn::Ours { yours: true, acts, .. } if acts.iter().any(|act| file.open.contains(act)) => {
                let open = acts.iter().filter(|act| file.open.contains(act));
                self.you_may(&file.dossier.case.type_code, &self.next_act(&file.line), open)
            }
            Turn::Ours { roles, .. } => self.for_roles(&file.line, roles),
            Turn::Theirs(_) | Turn::Courier | Turn::Over => self.next_hand(&file.line),
        }
    }

    /// Whose it is when it is not the reader's; a refusal is reconsidered where the ladder says, and by another hand.
    fn for_roles(&self, line: &CaseLine, roles: &[Role]) -> String {
        if line.stage != Stage::Reconsidering {
            return self.t1("next-role", "role", self.roles(roles));
        }
        let offices = self.office_names(self.central_offices(self.us()));
        self.t2("next-central", "role", self.roles(roles), "offices", offices)
    }

    /// What the reader may do, by name: never more than the domain would take from them. What stands above already is not
    /// said again.
    fn you_may<'a>(&self, code: &TypeCode, above: &str, acts: impl Iterator<Item = &'a ActKind>) -> String {
        let mut names: Vec<String> = acts.map(|act| self.to_do_in(code, act)).collect();
        if names.iter().all(|name| name == above) {
            return self.t("next-yours");
        }
        if names.len() > YOURS_NAMED_MAX {
            names.truncate(YOURS_NAMED_MAX);
            names.push("…".to_owned());
        }
        self.t1("next-you", "acts", names.join(" · "))
    }

    /// The office whose turn it is.
    #[must_use]
    pub fn turn_office(&self, line: &CaseLine) -> Option<OfficeId> {
        match &line.turn {
            Turn::Ours { .. } => Some(line.our_office.clone()),
            Turn::Theirs(_) => Some(line.their_office.clone()),
            Turn::Courier | Turn::Over => None,
        }
    }

    /// The same by name; for a refusal that is reconsidered, the offices that do so.
    #[must_use]
    pub fn turn_name(&self, line: &CaseLine) -> Option<String> {
        let office = self.turn_office(line)?;
        if line.stage != Stage::Reconsidering {
            return Some(self.office(&office));
        }
        let central = self.central_offices(&office.party());
        Some(central.iter().map(|office| self.office(office)).collect::<Vec<_>>().join(&self.t("list-or")))
    }

    /// The offices of a Party that reconsider refusals.
    fn central_offices(&self, party: &PartyId) -> &[OfficeId] {
        let rung = self.instrument().rung(CENTRAL_LEVEL);
        rung.and_then(|rung| rung.offices.get(party)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The Party on whose clock the next thing is due.
    #[must_use]
    pub fn turn_party(&self, line: &CaseLine) -> PartyId {
        match &line.turn {
            Turn::Theirs(party) => party.clone(),
            Turn::Ours { .. } | Turn::Courier | Turn::Over => self.us().clone(),
        }
    }

    /// The first clause a type serves, for the narrow column of a list.
    #[must_use]
    pub fn clause_of(&self, line: &CaseLine) -> String {
        self.rule(&line.type_code).and_then(|rule| rule.clauses.first().cloned()).unwrap_or_default()
    }
}
