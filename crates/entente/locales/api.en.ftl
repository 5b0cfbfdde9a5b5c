# The programs' interface (/api/v1): why a call was not carried out.

api-not-found = There is no such thing here, or not for this officer.
api-method-not-allowed = This cannot be done at this address. The description at /api/v1/openapi.json lists what can.
api-unauthorized = Nobody is known by this token. Send `Authorization: Bearer` and a token of an officer of this node.
api-not-your-office = Another office has this matter. An officer of that office must do it.
api-not-your-role = The officer has no role in which this may be done. It is for the { $roles }.
api-malformed = What was sent cannot be read. `detail` says where.
api-malformed-at = `{ $at }` is not what it should be: { $why }. `entente request template TYPE --json` shows every part with its form.
api-malformed-act = `{ $at }` is not what it should be: { $why }. `entente request do CASE ACT --template` shows every part with its form.
api-no-such-instrument = The node works under no instrument of that name. It has: { $instruments }.
api-gate-not-asked = Nobody asks the safeguard { $gate } here now. Those asked now: { $asked }.
api-gate-not-asked-none = Nobody asks the safeguard { $gate } here now, nor any other.
api-only-reads = An auditor reads everything and changes nothing. An officer with another role does this.
api-too-large = What was sent is larger than its limit. Send files as attachments.
api-not-json = JSON is wanted. Send `Content-Type: application/json`.
api-too-many-calls = Too many calls of this officer are under way. Wait for one to end, then call again.
api-use-match = A step of a private matching is taken at /api/v1/cases/CASE/match.
api-use-drafts = A request is submitted from a draft. Begin one at /api/v1/drafts.
api-unknown-attachment = An attachment is named that was not staged for this case. Stage it first and name it by its root.
api-not-here-yet = The file has not come whole yet. Try again in a while.
api-key-reused = The idempotency key was used for another call. Choose a new one for each.
api-bad-key = An idempotency key has 1 to 128 plain characters.
api-machine-only = The node does this by itself when its time has come.
api-busy = Somebody else was changing the same thing. Try again in a moment.

## A bundle of indicators that cannot be read: why, where, and what to do

refusal-unreadable-indicators = The bundle of indicators in “{ $field }” cannot be read: { $finding ->
    [bad-choice] a value is none of its list
    [bad-hash] a hash is not of its algorithm’s form
    [bad-id] an identifier is not a type, two hyphens and a UUID
    [bad-name] a property’s name has letters that STIX does not allow
    [bad-order] an instant lies before the one it must follow
    [bad-pattern] the pattern does not follow the grammar of its language
    [bad-selector] a marking selects a part that is not there
    [bad-time] a time is not of the form 2026-01-31T12:00:00Z
    [bad-type] a type’s name is none
    [bad-value] a value is not of its kind
    [byte-order-mark] the file begins with a byte-order mark
    [conflict] two properties contradict each other
    [duplicate-key] a key is given twice
    [empty-list] a list is empty
    [missing-property] a property is missing that must be there
    [not-a-bundle] it is JSON, but no STIX 2.1 bundle
    [not-json] it is not whole JSON; it may have been cut short
    [not-utf8] it is not text in UTF-8
    [null-value] a property is null
    [redefined-marking] a standard sharing mark is given another meaning
    [same-id] two objects of one identifier differ
    [too-deep] it is nested too deeply
    [too-large] it is too large
    [too-many-objects] it holds too many objects
    [too-many-values] it holds too many values
    [unknown-type] an object’s type is not one of STIX 2.1
    [wrong-kind] a value is of the wrong kind
    [wrong-version] it is of another version than STIX 2.1
    [key-too-long] a property’s name is too long
    [lone-surrogate] a text holds half a character
    [not-a-number] a number is none
    [number-range] a number cannot be kept as it is
    [text-too-long] a text is too long
   *[other] something in it is wrong
}. Place: { $at }; errors in all: { $count }. Correct the bundle there and give it again, or send it as a file; until then it is neither saved nor signed.

## Command line

todo-look = Look what there is: `{ $command }`. A reference is written whole, as those lists show it.
todo-token = Make a token where the node stands and give it with --token or $ENTENTE_TOKEN: `{ $command }`.
todo-officer = Another officer does this; who has which role: `{ $command }`.
todo-offices = Which office it is for: `{ $command }`.
todo-lacks = What it lacks, part by part: `{ $command }`.
todo-template = The form of every part: `{ $command }`.
todo-own-law = Which questions of our own law are open: `{ $command }`.
todo-gate = Whoever may answer it does so with: `{ $command }`.
todo-read = Read it as it is now, then go on: `{ $command }`.
todo-next = What can be done in it now, and how: `{ $command }`.
template-do = Fill it in, then: { $command }. What stands between two empty quotation marks is blank. Take the # away before what you need.
template-attach = Files go beside it: --attach FILE, once for each.
kind-words = words in each language
kind-line = a line
kind-number = a number
kind-yes-no = true or false
kind-date = a day, such as 2026-12-31
kind-time = a moment in UTC, such as 2026-12-31T18:00:00Z
kind-list = a list
kind-group = several members
kind-choice = one of the list
do-blank = Still blank in the file: { $parts }.
do-unknown = This act has no such part: { $parts }.
do-template = Every part with its choices: `{ $command }`.
next-prepared = Written by one officer, read and answered for by others, signed by another.
next-gate = not answered yet; for the { $roles }
next-files = a file to send with it, once for each
next-wait = Nothing can be done here now: it is on its way or with the other side.
next-others = Nothing is open to you; it is the move of another office or of other roles of your side.
next-ended = The matter is over.
gate-open = Safeguard { $gate } has not been answered.
gate-which-act = A safeguard of a case is answered for an act: name it with --act. `entente request next { $case }` shows which acts ask which safeguards.
words-none = No words are given. Give --text LANG=WORDS, once for each language of the instrument ({ $langs }).
words-strange = The instrument has no language `{ $lang }`. It has: { $langs }.
draft-complete = Every part is filled in.
list-due = due { $at }
list-more = more, after { $next }
list-ours = our move
list-theirs = the move of { $party }
directory-no-party = The instrument has no office of that Party. Its Parties: { $parties }.
directory-none = No desk to show.
round-held-at = held { $at }
round-item-settled = settled
round-none = `{ $case }` is no meeting. `entente round list` names them.
report-which-party = There are several other Parties. Say which: --with PARTY ({ $parties }).
report-days = The days are none that can be counted: the first must not be after the last, and the last must be over in UTC. The latest that is: { $day }.
template-how = Fill it in, then: entente request new --file THIS-FILE. Take the # away before what you need. Long texts may stand between three quotation marks.
template-required = required
template-optional = may be left out
template-indicators = A STIX 2.1 bundle as text; or write indicators-file = "bundle.json" in place of indicators.
show-request = The request
show-standing = Where it stands
show-courier = On its way to the other side
show-over = Closed
show-open = Open to you
show-clock = Clock
show-paused = paused
show-reference = Reference and officer of the side asked
show-opened = Opened
show-answered = answered
show-answer-due = answer due
show-safeguards = Safeguards
show-bundle = { $objects ->
    [one] 1 object
   *[other] { $objects } objects
}, { $indicators ->
    [one] 1 of them an indicator
   *[other] { $indicators } of them indicators
}
show-timeline = Timeline

remedy-empty = Fill it in.
remedy-translation = Write it in that language too.
remedy-wrong-kind = Give a value of the kind the type asks for; the template of the type shows it.
remedy-backwards = Let it begin before it ends.
remedy-passed = Name a day that lies ahead.
remedy-too-long = Shorten it.
remedy-barred = Leave it out.
remedy-unknown = Remove it.
