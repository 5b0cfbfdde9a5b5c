# The progress report both Parties compute and sign.
report-title = Progress report
report-lead = Each side computes the report of the same days from both logs, counting only what stands in both. Where the figures are the same, the hash is the same, and both sign it.
report-compute = Compute the report of these days
report-of = { $first } to { $last }, whole days in UTC
report-between = Between { $ours } and { $theirs }
report-exercise = Exercises only; no live matter is counted
report-line = Line of the report
report-line-help = Days, entries read of each log, and the SHA-256 of all that is counted. Whoever holds both logs computes the same report from it at any time.
report-left-out = { $n ->
    [one] One act of these days does not stand in both logs yet and is counted in no report. Wait until the mail is in before you propose this one.
   *[other] { $n } acts of these days do not stand in both logs yet and are counted in no report. Wait until the mail is in before you propose this one.
}
report-propose = Propose this report to { $party }
report-propose-hint = Makes a draft. Somebody else signs it; then the other side computes the same days.
report-not-proposed = Reports are proposed by the offices that answer for the dialogue: { $offices }.
report-export = For comparing row by row
report-print = Print, or save as PDF
report-pdf = PDF in both languages
report-paper-unsigned = Computed here; not signed by anybody.
report-paper-proposed = Proposed in { $case }; not signed by both yet.
report-paper-signatures = Signed in { $case }
report-paper-nothing = Nothing to count in these days.
report-paper-lacking = The font this was set in lacks these characters; they are shown by their numbers in Unicode: { $letters }
report-no-font = No font with Chinese characters is installed on this node, so it sets no PDF. The engineer can install Noto CJK; until then, print this page from the browser.
report-same = Our node computes the same report.
report-differs = Our node computes another report. It will not let us sign this one.
report-awaited = Our node cannot compute this report yet.
report-theirs = Proposed
report-ours = Computed here
report-compare = Each side exports its own figures and both compare them row by row: whole report, JSON, CSV. What differs tells which act one side counts and the other does not.
report-whole = The whole report, as computed here
report-outcomes = What became of requests, by type
report-type = Type
report-asked-by = Asked by
report-made = Made
report-settled = Settled
report-refused = Refused on
report-pending = Open at the end
report-time = Time until settled
report-longest = Longest
report-chart = Requests settled and open, by type and side that asked
report-balance = Reciprocity: the same figures of both directions
report-balance-lead = Neither side is measured against a target here. A wide gap is a question for the next meeting.
report-difference = Difference
report-clauses = Clause by clause
report-none = No request was made, settled or open in these days.
report-signed = Signed by both in { $case }
report-text = The two sides have each computed, from the logs of both, the report on progress under “{ $title }” for the days from { $first } to { $last } in UTC. They have found the same figures and adopt them. The report is named by this line, from which either side may compute it again: { $line }
report-draft-title = Progress report, { $first } to { $last }
report-draft-purpose = Regular review of what has been achieved.
refusal-report-period-runs = The last day of the report is not over in UTC. Propose it when it is.
refusal-report-other-logs = The report must count the logs of the two sides of this matter and no others.
refusal-report-text-without-line = The text must carry the line of the report in full, in every language: both sides sign it.
refusal-report-asked-first = The side that is asked computes the report and signs first. Our signature follows theirs.
refusal-report-log-awaited = { $entries } entries of the log of { $party } are needed and not all here yet. Try again when the log has been fetched.
refusal-report-differs = Our node computes another report: { $ours }. Compare the figures with the other side before anybody signs.

# Contact checks: whether the desks of counterparts answer.
desk-check-answered = { $office } answered { $by } on { $when }
desk-check-asked = { $office } is asked by { $by } and has until { $when }
desk-check-vacant = Vacant: { $office } has not answered { $by }; its time ran out on { $when }
desk-check-due = { $by } has a check of { $office } to make; last answer: { $when }
desk-check-never = never
desk-check-begin = Check this desk
desk-check-alarm = A desk does not answer. Both sides see this, and the check climbs the ladder until somebody does.
