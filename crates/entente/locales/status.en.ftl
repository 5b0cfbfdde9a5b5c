# The status report of a case, the duties of the ladder's levels, and advice on agreed terms.

standing-title = Case status report
standing-lead = It follows from the acts of the case alone: once both sides hold the same acts and receipts, both have this report, with this hash.
standing-link = Status report
standing-references = References
standing-not-given = not given yet
standing-mark = Handling markings
standing-urgency = Urgency
standing-opened = Signed
standing-delivered = Received
standing-stage = Where it stands
standing-ended = ended
standing-how = How it ended
standing-after = after “{ $stage }”
standing-answers = Answers
standing-interim = Interim answer
standing-steps = Steps recorded
standing-nobody = Nobody: nothing is waited for
standing-next = Next step of each side
standing-waits = waits for the other side
standing-over = none: the case has ended
standing-missing = What is missing
standing-nothing = Nothing
standing-owed-reply = the reply to question { $n }
standing-owed-rung = an answer at { $level }
standing-owed-consent = an answer on consent, number { $n }
standing-owed-compliance = a report on what was recalled or corrected, number { $n }
standing-clocks = Deadlines
standing-began = began { $at }
standing-paused = stood still from { $from } to { $until }
standing-pauses = stands still since { $from }
standing-due = due { $at } (calendar { $calendar })
standing-runs = runs
standing-kept = ended in time, { $at }
standing-late = ended overdue, { $at }
standing-ladder = Escalation
standing-no-rung = It has not been raised.
standing-raised-clock = raised by the deadline, { $at }
standing-raised-officer = raised by an officer, { $at }
standing-answered = answered { $at }
standing-unanswered = not answered
standing-hotline = Hotline log
standing-gates = Safeguards answered
standing-acts = Acts it rests on: { $acts }
standing-hash = Hash of the report:
standing-masked = Parts are masked for your office, so this report has no hash to compare.
standing-here = In this house only
standing-here-lead = This part is in no hash, is not printed and goes nowhere.
standing-here-nobody = No officer of ours has acted in it yet.
standing-here-undelivered = { $n } of our acts without receipt
standing-here-answers = { $n } safeguard answers waiting for their act
standing-here-notes = { $n } notes

refusal-own-refusal = Whoever refused may not reconsider the refusal. Another officer of the central authority must.
rung-level = Level that answers
rung-reconsider = Reconsider the refusal
rung-all = { $n ->
    [one] The one duty of your office on the ladder
   *[other] All { $n } duties of your office on the ladder
}
rung-count = { $n ->
    [one] One duty, soonest due first. It leaves this list once it is answered.
   *[other] { $n } duties, soonest due first. Each leaves this list once it is answered.
}

terms-departs = “{ $term }” stands in the text in { $used }; the one in { $lacking } lacks its agreed rendering, { $agreed }.
terms-advice = Agreed terms
type-step-within = within { $span } of it
step-required = Must be taken
next-central = for the { $role } who did not refuse, at { $offices }
next-other-role = for the { $role } who did not refuse
