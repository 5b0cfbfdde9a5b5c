# Our own law: its questions, the fixed reply, the register of protected persons. Nothing here is ever said to the other side.

event-reply-not-released = A reply that waited for its instant no longer fits the case and was not sent. Open the case.

local-own-law = Own law; never leaves this house
local-why = Only officers of this house see these questions and their answers.
local-basis = Basis
local-finding = Finding
local-finding-satisfied = May go
local-finding-not-engaged = No bearing on this matter
local-finding-not-satisfied = Must not go
local-shield-satisfied = No protected person is concerned
local-shield-not-engaged = No natural person is concerned
local-shield-not-satisfied = A protected person is concerned
local-reason = Reasons, in any language
local-keep = Keep this answer
local-answered = Answered
local-again = Answer anew
local-open = Not answered yet.
local-theirs = To be answered by: { $roles }.
local-hits = The register has an entry of the same name or document. Compare before you answer.
local-shielded = Nothing of substance leaves in this matter before a fixed hour. A person of whom nothing is said is answered in one fixed form, protected or unknown.
local-opens = Fixed hour:
local-reply = Give the fixed reply
local-reply-waits = The fixed reply waits and leaves at this instant:
local-drafts = Questions of our own law

register = Register of protected persons
register-lead = Whoever opens this page is noted by name. No answer to the other side is computed from it.
register-kept = Persons kept
register-new = Enter a person
register-names = Names, one a line
register-documents = Numbers of documents, one a line
register-note = Why the person is protected
register-add = Enter
register-strike = Strike off
register-empty = Nobody is entered.
register-looks = Who touched it
register-when = When
register-who = Who
register-what = What
register-read = Read
register-entered = Entered a person
register-struck = Struck a person off

held-unanswered = Our own law: a question is not answered yet.
held-closed = Our own law: the answer to a question holds this back. Nothing has left the house.
held-role = Our own law: that role may not answer this question.
held-reasonless = Our own law: give reasons.
held-four-eyes = Our own law: whoever drafted may not answer.
held-contradicted = The register holds a document named in the request. Answer that a protected person is concerned, or have the entry struck off first.
held-unknown-question = There is no such question in the policy.
held-not-before = Nothing of substance leaves in this matter before its fixed hour.
held-fixed-form = In this matter only the fixed reply may be given.
held-not-shielded = This matter has no fixed reply.
held-not-yours = Your role does not keep the register.
held-bad-entry = An entry needs a name or a document, and a reason.
