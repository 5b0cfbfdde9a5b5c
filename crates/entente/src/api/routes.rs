//! The one table of routes: what is served, and what is published about it.
//!
//! Owns the table. Must not hold a handler.

use axum::routing::{MethodRouter, delete, get, post, put};

use super::{
    Gives, Route, Takes, acts, cases, contacts, drafts, files, instrument, ledger, local, matching, notes, openapi,
    prepared, report, rounds, status,
};
use crate::app::App;

type Asks = &'static [(&'static str, &'static str, &'static str)];

/// Which instrument, where the node works under several.
const UNDER: Asks =
    &[("instrument", "string?", "by its id, or a version by its hash; else that of the caller's office")];

/// The same, where without it there is everything.
const ONLY_UNDER: Asks = &[("instrument", "string?", "only under this instrument, by its id or a version's hash")];

const NAME: Asks = &[("name", "string", "the file's name, for people")];

/// Every route of the interface.
pub const ROUTES: &[Route] = &[
    get_json("/whoami", "whoami", "whom the token stands for", &[], "WhoAmI", || get(ledger::whoami)),
    get_json(
        "/cases",
        "listCases",
        "cases, soonest due first",
        &[
            ("stage", "Stage?", "only at this stage"),
            ("waiting_us", "boolean?", "only where it is our move"),
            ("direction", "string?", "`outgoing` or `incoming`"),
            ("type", "string?", "only of this request type"),
            ("office", "string?", "only held by this office of ours"),
            ("peer", "string?", "only with this Party"),
            ("overdue", "boolean?", "only with something overdue"),
            ("q", "string?", "only with all of these words"),
            ("order", "string?", "`due` (the default) or `updated`"),
            ("limit", "integer?", "how many, at most 200"),
            ("after", "string?", "`next` of the page before"),
        ],
        "CaseList",
        || get(cases::list),
    ),
    get_json("/cases/{id}", "showCase", "a case whole", &[], "CaseFile", || get(cases::show)),
    get_json(
        "/cases/{id}/report",
        "showReportOfCase",
        "the report a case proposes, computed here",
        &[],
        "Reported",
        || get(report::of_case),
    ),
    get_json("/cases/{id}/status", "showStatus", "the status report of a case", &[], "Status", || get(status::show)),
    get_json(
        "/cases/{id}/acts",
        "listActs",
        "the acts of a case in the order both sides fold them",
        &[("from", "integer?", "the first to show, from 0"), ("limit", "integer?", "how many, at most 200")],
        "ActList",
        || get(cases::acts),
    ),
    post_json(
        "/cases/{id}/acts",
        "enterAct",
        "do something in a case, signed",
        "ActAsked",
        (201, "Done"),
        true,
        || post(acts::enter),
    ),
    post_json(
        "/cases/{id}/gates",
        "answerGate",
        "answer a safeguard question for a coming act",
        "CaseGateAsked",
        (201, "GateKept"),
        false,
        || post(cases::answer_gate),
    ),
    post_json(
        "/cases/{id}/reveals",
        "askReveal",
        "ask to see behind the mask of a forwarded copy",
        "RevealAsked",
        (201, "RevealList"),
        false,
        || post(cases::ask_reveal),
    ),
    post_json(
        "/cases/{id}/reveals/{number}",
        "answerReveal",
        "grant or deny it, as a custodian",
        "RevealGiven",
        (201, "RevealList"),
        false,
        || post(cases::answer_reveal),
    ),
    get_json(
        "/cases/{id}/notes",
        "listNotes",
        "our own notes on a case; none ever leaves the node",
        &[],
        "NoteList",
        || get(notes::list),
    ),
    post_json("/cases/{id}/notes", "addNote", "add one", "NoteAsked", (201, "NoteList"), false, || post(notes::add)),
    get_json("/cases/{id}/attachments", "listAttachments", "the files of a case", &[], "AttachmentList", || {
        get(files::list)
    }),
    Route {
        asks: NAME,
        ..post_file("/cases/{id}/attachments", "stageAttachment", "stage a file for a coming act", || {
            post(files::to_case)
        })
    },
    Route {
        verb: "GET",
        path: "/cases/{id}/attachments/{root}",
        id: "getAttachment",
        summary: "a file of a case, as it is",
        asks: &[],
        takes: Takes::Nothing,
        gives: Gives::File,
        repeatable: false,
        open: false,
        mount: || get(files::give),
    },
    get_json("/cases/{id}/match", "showMatch", "how far the private matching of a case is", &[], "MatchRun", || {
        get(matching::show)
    }),
    post_json(
        "/cases/{id}/match",
        "takeMatchStep",
        "take the next step of it, signed",
        "MatchAsked",
        (201, "MatchRun"),
        false,
        || post(matching::take),
    ),
    Route {
        gives: Gives::File,
        ..get_json(
            "/cases/{id}/match/openings/{audit}",
            "getMatchOpening",
            "the file of an opening of ours, for the oversight body",
            &[],
            "",
            || get(matching::opening),
        )
    },
    get_json("/prepared", "listPrepared", "what is being prepared in the caller's office", &[], "PreparedList", || {
        get(prepared::list)
    }),
    get_json(
        "/cases/{id}/prepared/{act}",
        "showPrepared",
        "an act that one writes and another signs, as it is prepared",
        &[],
        "Prepared",
        || get(prepared::show),
    ),
    Route {
        verb: "PUT",
        ..post_json(
            "/cases/{id}/prepared/{act}",
            "writePrepared",
            "save what is written of it, and hand it over if asked",
            "PreparedAsked",
            (200, "Prepared"),
            false,
            || put(prepared::write),
        )
    },
    Route {
        verb: "DELETE",
        gives: Gives::Nothing,
        ..get_json(
            "/cases/{id}/prepared/{act}",
            "discardPrepared",
            "throw it away",
            &[("version", "integer", "the version that was read")],
            "",
            || delete(prepared::discard),
        )
    },
    post_json(
        "/cases/{id}/prepared/{act}/handover",
        "handOverPrepared",
        "hand it over for review and signature",
        "VersionAsked",
        (200, "Prepared"),
        false,
        || post(prepared::hand_over),
    ),
    post_json(
        "/cases/{id}/prepared/{act}/back",
        "sendBackPrepared",
        "send it back to whoever wrote it",
        "BackAsked",
        (200, "Prepared"),
        false,
        || post(prepared::send_back),
    ),
    post_json(
        "/cases/{id}/prepared/{act}/gates",
        "answerPreparedGate",
        "answer a safeguard question for the version that was read",
        "PreparedGateAsked",
        (200, "Prepared"),
        false,
        || post(prepared::answer_gate),
    ),
    post_json(
        "/cases/{id}/prepared/{act}/sign",
        "signPrepared",
        "sign the version that was read, with the answers it had then",
        "SignAsked",
        (201, "Done"),
        true,
        || post(prepared::sign),
    ),
    Route {
        gives: Gives::File,
        ..get_json(
            "/cases/{id}/prepared/{act}/attachments/{root}",
            "getPreparedAttachment",
            "a file of it",
            &[],
            "",
            || get(prepared::give),
        )
    },
    get_json("/drafts", "listDrafts", "the drafts of the caller's office", &[], "DraftList", || get(drafts::list)),
    post_json("/drafts", "beginDraft", "begin a request", "NewDraft", (201, "Draft"), true, || post(drafts::begin)),
    get_json("/drafts/{id}", "showDraft", "a draft with what is missing from it", &[], "Draft", || get(drafts::show)),
    Route {
        verb: "PUT",
        ..post_json("/drafts/{id}", "saveDraft", "replace what is written", "SavedDraft", (200, "Draft"), false, || {
            put(drafts::save)
        })
    },
    Route {
        verb: "DELETE",
        gives: Gives::Nothing,
        ..get_json("/drafts/{id}", "discardDraft", "throw a draft away", &[], "", || delete(drafts::discard))
    },
    Route {
        takes: Takes::Nothing,
        ..post_json(
            "/drafts/{id}/check",
            "checkDraft",
            "what keeps it from being complete",
            "",
            (200, "Check"),
            false,
            || post(drafts::check),
        )
    },
    Route {
        takes: Takes::Nothing,
        ..post_json(
            "/drafts/{id}/handover",
            "handOverDraft",
            "hand it over for signature",
            "",
            (200, "Draft"),
            false,
            || post(drafts::hand_over),
        )
    },
    post_json(
        "/drafts/{id}/gates",
        "answerDraftGate",
        "answer a safeguard question of the submission",
        "GateAsked",
        (200, "Draft"),
        false,
        || post(drafts::answer_gate),
    ),
    post_json("/drafts/{id}/submit", "submitDraft", "sign and submit it", "Signing", (201, "Done"), true, || {
        post(drafts::submit)
    }),
    Route {
        asks: NAME,
        ..post_file("/drafts/{id}/attachments", "attachToDraft", "attach a file", || post(files::to_draft))
    },
    Route {
        verb: "DELETE",
        gives: Gives::Json(200, "Draft"),
        ..get_json("/drafts/{id}/attachments/{root}", "detachFromDraft", "take a file off", &[], "Draft", || {
            delete(drafts::remove_attachment)
        })
    },
    get_json(
        "/report",
        "showReport",
        "the progress report of whole days in UTC, from both logs as they are here now",
        &[
            ("from", "date?", "the first day; without it, a year before the last"),
            ("to", "date?", "the last day, which must be over; without it, yesterday"),
            ("exercise", "boolean?", "count exercises instead of live matters"),
            ("peer", "string?", "with this Party"),
        ],
        "Computed",
        || get(report::show),
    ),
    get_json(
        "/contacts",
        "listContacts",
        "whether the desks of counterparts answer, by their last contact check",
        &[
            ("exercise", "boolean?", "by exercises instead of live checks"),
            ("instrument", "string?", "by its id, or a version by its hash; else that of the caller's office"),
        ],
        "ContactList",
        || get(contacts::list),
    ),
    get_json("/rounds", "listRounds", "meetings with their agendas, and commitments", &[], "RoundList", || {
        get(rounds::list)
    }),
    Route {
        gives: Gives::Calendar,
        ..get_json("/calendar", "getCalendar", "meetings and deadlines of the caller's office", ONLY_UNDER, "", || {
            get(rounds::calendar)
        })
    },
    get_json(
        "/local/{subject}/{act}",
        "listLocalQuestions",
        "what our own law asks before an act in a case, or before a draft is submitted",
        &[],
        "LocalQuestions",
        || get(local::list),
    ),
    post_json(
        "/local/{subject}/{act}/{question}",
        "answerLocalQuestion",
        "answer a question of our own law; it never leaves the node",
        "LocalGiven",
        (201, "LocalQuestions"),
        false,
        || post(local::answer),
    ),
    Route {
        takes: Takes::Nothing,
        ..post_json(
            "/local/{subject}/reply",
            "replyFixed",
            "give the fixed reply of a shielded case",
            "",
            (201, "LocalReply"),
            false,
            || post(local::reply),
        )
    },
    get_json("/instrument", "showInstrument", "what the Parties agreed", UNDER, "Instrument", || get(instrument::show)),
    get_json("/offices", "listOffices", "the offices of every Party", UNDER, "OfficeList", || get(instrument::offices)),
    get_json("/clauses", "listClauses", "the clauses in every language", UNDER, "ClauseList", || {
        get(instrument::clauses)
    }),
    get_json("/types/{code}", "showType", "what one kind of request asks", UNDER, "RequestType", || {
        get(instrument::request_type)
    }),
    get_json(
        "/ledger/checkpoint",
        "showCheckpoints",
        "the signed heads of the logs",
        &[
            ("peer", "string?", "only with this Party"),
            ("instrument", "string?", "only with Parties under this instrument, by its id or a version's hash"),
        ],
        "LogHeads",
        || get(ledger::checkpoint),
    ),
    get_json(
        "/events",
        "listEvents",
        "named refusals and alarms, newest first",
        &[
            ("before", "integer?", "`next` of the page before"),
            ("limit", "integer?", "how many, at most 200"),
            ("open", "boolean?", "only those nobody has acknowledged"),
        ],
        "EventList",
        || get(ledger::events),
    ),
    Route {
        takes: Takes::Nothing,
        gives: Gives::Nothing,
        ..post_json(
            "/events/{number}/acknowledge",
            "acknowledgeEvent",
            "say that an event has been seen to",
            "",
            (204, ""),
            false,
            || post(ledger::acknowledge),
        )
    },
    Route {
        open: true,
        gives: Gives::Description,
        ..get_json("/openapi.json", "describe", "this description", &[], "", || get(openapi::give))
    },
];

const fn get_json(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    asks: Asks,
    shape: &'static str,
    mount: fn() -> MethodRouter<App>,
) -> Route {
    let (takes, gives) = (Takes::Nothing, Gives::Json(200, shape));
    Route { verb: "GET", path, id, summary, asks, takes, gives, repeatable: false, open: false, mount }
}

const fn post_json(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    takes: &'static str,
    gives: (u16, &'static str),
    repeatable: bool,
    mount: fn() -> MethodRouter<App>,
) -> Route {
    let (takes, gives) = (Takes::Json(takes), Gives::Json(gives.0, gives.1));
    Route { verb: "POST", path, id, summary, asks: &[], takes, gives, repeatable, open: false, mount }
}

const fn post_file(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    mount: fn() -> MethodRouter<App>,
) -> Route {
    let (takes, gives) = (Takes::File, Gives::Json(201, "Attachment"));
    Route { verb: "POST", path, id, summary, asks: &[], takes, gives, repeatable: false, open: false, mount }
}
