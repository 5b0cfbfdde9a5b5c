//! Two desks, the mail between them, and a case that lives in both: what the tests of the procedure play with.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use domain::account::{CaseFacts, Count, Period, Value, account};
use domain::act::{Act, ActKind, Author, Deed, Person, Role};
use domain::admit::admit;
use domain::case::{Case, Entry, fold};
use domain::clock::ClockKind;
use domain::decide::{Command, decide};
use domain::due;
use domain::ids::{CaseId, PartyId, TypeCode};
use domain::instrument::{Instrument, RequestType, SourceFile};
use domain::procedure::{self, Side, To};
use domain::refusal::Refusal;
use domain::rehearsal::{self, Rehearsal};
use jiff::{SignedDuration, Timestamp};

/// A row open in more stages than this leads nowhere: care, speech, the ladder.
const LONG: usize = 20;
/// More steps than any act waits for.
const STEPS: usize = 32;

/// Two desks and the mail between them.
pub(crate) struct Matter {
    pub(crate) instrument: &'static Instrument,
    pub(crate) parties: [PartyId; 2],
    pub(crate) entries: [Vec<Entry>; 2],
    mail: [VecDeque<Act>; 2],
    /// Receipts on their way back: number of the act and when it came.
    receipts: [VecDeque<(u64, Timestamp)>; 2],
    pub(crate) now: Timestamp,
    choices: Choices,
}

/// The choices of a run, as proptest gives and shrinks them.
pub(crate) struct Choices {
    list: Vec<u32>,
    next: usize,
}

impl Choices {
    /// As many choices as are asked for, always the same from one start.
    pub(crate) fn seeded(start: u32) -> Self {
        Self { list: (0..64).map(|n| (start * 64 + n).wrapping_mul(2_654_435_761) >> 7).collect(), next: 0 }
    }

    pub(crate) fn pick(&mut self, n: usize) -> usize {
        let choice = self.list[self.next % self.list.len()];
        self.next += 1;
        (choice as usize).wrapping_add(self.next / self.list.len()) % n.max(1)
    }
}

impl Matter {
    /// A case of some type just opened by either Party: submitted, or shown as a draft.
    pub(crate) fn open(choices: Vec<u32>) -> Self {
        let mut choices = Choices { list: choices, next: 0 };
        let rules: Vec<&RequestType> = shipped().types().values().collect();
        let rule = rules[choices.pick(rules.len())];
        let asked = choices.pick(2);
        Self::open_with(shipped(), &rule.code, asked, choices)
    }

    /// The same under any instrument.
    pub(crate) fn open_with(
        instrument: &'static Instrument,
        code: &TypeCode,
        asked: usize,
        mut choices: Choices,
    ) -> Self {
        let rule = instrument.request_type(code).unwrap();
        let mut parties: Vec<PartyId> = instrument.parties().keys().cloned().collect();
        if asked == 0 {
            parties.reverse();
        }
        let parties: [PartyId; 2] = parties.try_into().unwrap();
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let command = submission(instrument, rule, &parties, now, &mut |n| choices.pick(n));
        let mut matter = Self {
            instrument,
            parties,
            entries: Default::default(),
            mail: Default::default(),
            receipts: Default::default(),
            now,
            choices,
        };
        let shown = procedure::has(rule.procedure, ActKind::Preconsult) && matter.choices.pick(4) == 0;
        let command = if shown { preconsult(command) } else { command };
        matter.enter(0, command).unwrap();
        matter
    }

    pub(crate) fn case(&self, desk: usize) -> Option<Case> {
        fold(self.instrument, &self.entries[desk])
    }

    /// A desk enters an act of its own.
    pub(crate) fn enter(&mut self, desk: usize, command: Command) -> Result<(), Refusal> {
        let act = decide(self.instrument, &self.parties[desk], &self.entries[desk], command, self.now)?;
        self.entries[desk].push(Entry { act: act.clone(), received_at: None });
        self.mail[1 - desk].push_back(act);
        Ok(())
    }

    /// The next act arrives at a desk: an honest one always stands.
    pub(crate) fn receive(&mut self, desk: usize) {
        let Some(act) = self.mail[desk].pop_front() else { return };
        let seen = admit(self.instrument, &self.parties[desk], &self.entries[desk], &act, self.now);
        let seen = seen.unwrap_or_else(|why| panic!("{why}: {act:?}\n{}", self.told(desk)));
        assert!(seen.record.iter().any(|done| done.by == act.by && done.seq == act.seq));
        self.receipts[1 - desk].push_back((act.seq, self.now));
        self.entries[desk].push(Entry { act, received_at: Some(self.now) });
    }

    /// The next receipt arrives at a desk.
    pub(crate) fn receipt(&mut self, desk: usize) {
        let Some((seq, at)) = self.receipts[desk].pop_front() else { return };
        let own =
            self.entries[desk].iter_mut().find(|entry| entry.act.by == self.parties[desk] && entry.act.seq == seq);
        own.unwrap().received_at = Some(at);
    }

    /// A desk's officer pushes a button, or its node enters what is due.
    pub(crate) fn act(&mut self, desk: usize) {
        let Some(case) = self.case(desk) else { return };
        let side = case.side(&self.parties[desk]).unwrap();
        if let Some(deed) = due::due(&case, self.instrument, &self.parties[desk], self.now).into_iter().next() {
            let (case, office) = (case.id.clone(), case.office(side).clone());
            self.enter(desk, Command { case, office, author: Author::Machine, gates: Vec::new(), deed }).unwrap();
            return;
        }
        let buttons = rehearsal::buttons(&case, side);
        if buttons.is_empty() {
            return;
        }
        let (role, kind) = buttons[self.choices.pick(buttons.len())];
        // Questions and escalations are always open; a run of nothing else says little.
        let dull = matches!(kind, ActKind::Withdraw | ActKind::Ask | ActKind::Escalate | ActKind::Regrade)
            || case.rows(kind).all(|row| row.from.len() > LONG);
        if dull && self.choices.pick(6) != 0 {
            return;
        }
        if let Some(command) = self.command(&case, side, role, kind) {
            self.enter(desk, command)
                .unwrap_or_else(|why| panic!("button {kind:?} of {role:?}: {why}\n{}", self.told(desk)));
        }
    }

    pub(crate) fn command(&mut self, case: &Case, side: Side, role: Role, kind: ActKind) -> Option<Command> {
        let choices = &mut self.choices;
        let mut pick = |n: usize| choices.pick(n);
        Rehearsal::new(self.instrument, &mut pick).command(case, side, role, kind, self.now)
    }

    pub(crate) fn step(&mut self) {
        let desk = self.choices.pick(2);
        let minutes = [0, 1, 30, 600, 6_000, 40_000][self.choices.pick(6)];
        match self.choices.pick(6) {
            0..=1 => self.act(desk),
            2..=3 => self.receive(desk),
            4 => self.receipt(desk),
            _ => self.now = self.now.saturating_add(SignedDuration::from_mins(minutes)).unwrap(),
        }
    }

    /// Everything on its way arrives.
    pub(crate) fn settle(&mut self) {
        for desk in [0, 1] {
            while !self.mail[desk].is_empty() {
                self.receive(desk);
            }
        }
        for desk in [0, 1] {
            while !self.receipts[desk].is_empty() {
                self.receipt(desk);
            }
        }
    }

    /// What must hold when everything has arrived.
    pub(crate) fn check_settled(&mut self) {
        let (first, second) = (self.case(0).unwrap(), self.case(1).unwrap());
        assert_eq!(first.fingerprint(), second.fingerprint());
        assert_eq!(first, second);
        let mut mixed = self.entries[0].clone();
        for place in (1..mixed.len()).rev() {
            mixed.swap(place, self.choices.pick(place + 1));
        }
        assert_eq!(fold(self.instrument, &mixed).unwrap(), first, "the order of storage shows");
        self.check_remains(&first);
        self.check_turn(&first);
        self.check_account(&mixed);
    }

    /// Both sides account for the matter alike, and a period cut in two counts nothing twice and nothing never.
    fn check_account(&mut self, mixed: &[Entry]) {
        let facts = |entries: &[Entry]| [CaseFacts::of(self.instrument, entries).unwrap()];
        let ours = facts(&self.entries[0]);
        assert_eq!(ours, facts(&self.entries[1]), "{}", self.told(0));
        assert_eq!(ours, facts(mixed), "the order of storage shows in the account");
        let count = |from, until| {
            let account = account(self.instrument, &ours, Period { from, until, exercise: ours[0].exercise });
            let figures = account.clauses.into_iter().flat_map(|clause| clause.figures);
            let settled =
                figures.filter(|figure| matches!(figure.measure.of, Count::OnTime { .. } | Count::LevelsAnswered));
            let cells = settled.flat_map(|figure| figure.by_direction.into_values());
            cells.fold((0, 0), |sum, cell| match cell {
                Value::Share { part, whole } => (sum.0 + part, sum.1 + whole),
                other => panic!("{other:?} is no share"),
            })
        };
        let (from, until) = (Timestamp::UNIX_EPOCH, self.now);
        let cut = ours[0].opened_at.saturating_add(SignedDuration::from_hours(24 * 30)).unwrap().min(until);
        let (early, late, whole) = (count(from, cut), count(cut, until), count(from, until));
        assert_eq!((early.0 + late.0, early.1 + late.1), whole, "{}", self.told(0));
    }

    /// A case whose contents are erased stands where it stood, and says nothing any more.
    fn check_remains(&self, case: &Case) {
        let left = domain::case::remains(self.instrument, case, &self.entries[0]);
        let folded = fold(self.instrument, &left).unwrap();
        assert_eq!(folded.fingerprint(), case.fingerprint(), "{}", self.told(0));
        let counted = |entries: &[Entry]| CaseFacts::of(self.instrument, entries);
        assert_eq!(counted(&left), counted(&self.entries[0]), "what is erased is no longer accounted for");
        assert_eq!((&folded.clocks, folded.bookings.len()), (&case.clocks, case.bookings.len()));
        for entry in left.iter().filter(|entry| !domain::case::binds(case, &entry.act)) {
            let told = format!("{:?} {:?}", entry.act.gates, entry.act.deed);
            let spoken = told.split("texts: {").skip(1).any(|rest| !rest.starts_with('}'));
            assert!(!spoken && !told.contains("Attachment {"), "{told}");
        }
        assert_eq!(domain::case::remains(self.instrument, &folded, &left), left, "erased twice is erased once");
    }

    /// The side whose turn it is has a clock, and an act that leads on and is accepted, be it after the steps it waits for.
    pub(crate) fn check_turn(&mut self, case: &Case) {
        let Some((side, clock)) = case.waits().filter(|_| !case.is_over()) else { return };
        assert!(case.deadline().is_some(), "no clock runs\n{}", self.told(0));
        let desk = self.parties.iter().position(|party| party == case.party(side)).unwrap();
        let mut entries = self.entries[desk].clone();
        for _ in 0..STEPS {
            let case = fold(self.instrument, &entries).unwrap();
            // What was undertaken is waited for until somebody says that it is done.
            let reports = |kind: ActKind| clock == ClockKind::Task && kind == ActKind::CheckUndertaking;
            let leads_on = |kind: ActKind| reports(kind) || case.rows(kind).any(|row| row.to != To::Stay);
            let mut ways = rehearsal::buttons(&case, side);
            ways.retain(|(_, kind)| leads_on(*kind));
            if ways.iter().any(|(role, kind)| self.try_act(&entries, &case, side, *role, *kind).is_some()) {
                return;
            }
            match self.try_act(&entries, &case, side, Role::DecisionMaker, ActKind::Record) {
                Some(act) => entries.push(Entry { act, received_at: None }),
                None => break,
            }
        }
        panic!("stuck\n{}", self.told(desk));
    }

    /// What a button would make, without pushing it.
    fn try_act(&mut self, entries: &[Entry], case: &Case, side: Side, role: Role, kind: ActKind) -> Option<Act> {
        let command = self.command(case, side, role, kind)?;
        decide(self.instrument, case.party(side), entries, command, self.now).ok()
    }

    /// A desk's case as a list of acts, for a person who must see what went wrong.
    pub(crate) fn told(&self, desk: usize) -> String {
        let mut entries = self.entries[desk].clone();
        domain::case::order(&mut entries);
        let line = |entry: &Entry| {
            let Entry { act, received_at } = entry;
            format!("{} {} {:?} at {} received {received_at:?}\n", act.by, act.seq, act.deed.kind(), act.at)
        };
        let acts: String = entries.iter().map(line).collect();
        let case = self.case(desk).unwrap();
        format!("{acts}{:?}\n{:#?}\n{:?}", case.state, case.clocks, case.ladder)
    }
}

pub(crate) fn submission(
    instrument: &Instrument,
    rule: &RequestType,
    parties: &[PartyId; 2],
    now: Timestamp,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Command {
    let mut rehearsal = Rehearsal::new(instrument, pick);
    let (from, to) = rehearsal.offices(rule, &parties[0], &parties[1]).unwrap();
    let request = rehearsal.request(rule, &from, &to, now);
    let deed = Deed::Submit { request: Box::new(request.clone()) };
    let gates = rehearsal.gates(rule, None, &request, &deed, &from, now).unwrap();
    let case = CaseId::compose(&parties[0], &rule.series, 2026, 1).unwrap();
    let author = Author::Officer(rehearsal::officer(&from, Role::Approver));
    Command { case, office: from, author, gates, deed }
}

fn preconsult(command: Command) -> Command {
    let Deed::Submit { request } = command.deed else { panic!("an opening submits") };
    let author = Author::Officer(Person { role: Role::Drafter, ..rehearsal::officer(&command.office, Role::Drafter) });
    Command { deed: Deed::Preconsult { request }, author, gates: Vec::new(), ..command }
}

/// The shipped instrument, read once.
pub(crate) fn shipped() -> &'static Instrument {
    static SHIPPED: OnceLock<Instrument> = OnceLock::new();
    SHIPPED.get_or_init(|| Instrument::load(&shipped_files()).instrument.unwrap())
}

/// Its files and the calendars they need.
pub(crate) fn shipped_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let dirs =
        [("instruments/china-uk-2016", ""), ("instruments/china-uk-2016/types", "types/"), ("calendars", "calendars/")];
    let mut files = Vec::new();
    for (dir, prefix) in dirs {
        for entry in fs::read_dir(root.join(dir)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|kind| kind == "toml") {
                let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
                files.push(SourceFile { name, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}
