# The care for what was handed over: how long it is kept, what is erased, taken back or put right.

matter-not-shown = Not shown: erased or masked
care-erased-on = Content erased on { $day }
care-erased-case = The time to keep the content of this case is over. It was erased here; what was done, when and by whom, and its proof in the log, stay.
care-kept-until = Its content is kept here until { $day }, then erased.
care-reached = Were the copies of { $recipient } reached?
care-recalled = Recalled by its author: not to be held or used.
care-corrected = Corrected by its author: to be read as corrected.
refusal-recipient-not-reached = The report says that every copy was reached: it must say so of { $recipient } too, or say that not every copy was.

continues = Continues
continued-as = Continued as
continue-as = Continue as…
continue-begin = Begin
continue-hint = A draft of the new type, linked to this case, with what both types share. What the other side gave here stays bound to the use it was given for: another use needs its consent on the record.
part-continues = Continues case
mask = Masked
mask-seen = Your office sees a masked copy of this case. Left out:
mask-hint = The office gets a copy without what is ticked; the whole case stays with your office. The other side is told.
mask-out = Mask: { $what }
mask-files = { $n ->
    [one] one file
   *[other] { $n } files
}
mask-acts = the words of { $acts }
care-forwards = Forwarded within a Party
reveal-ask = Ask to see it whole
reveal-reason = Why your office must see what is masked
reveal-why = Reasons of the custodian
reveal-grant = Grant
reveal-deny = Deny
reveal-granted = Granted
reveal-denied = Denied
reveal-open = Waits for a custodian of the office that has the case.
desk-reveals = Sight asked behind masks
reveal-decide = Decide whether an office may see it whole
reveal-asked-on = Asked
event-reveal-asked = An office asked to see behind a mask. Its reasons stand on the case page.
event-reveal-granted = A custodian granted an office sight behind a mask.
event-reveal-denied = A custodian denied an office sight behind a mask.
act-forward = Forwarded within the Party
do-forward = Forward a masked copy
form-words-forward = Why that office needs to know
refusal-unknown-earlier = There is no case of that reference that your office can continue. Check the reference, or ask the office that has the case to forward it and wait until the other side has been told.
refusal-not-continued-as = The instrument does not let { $earlier } be continued as { $type }.
refusal-consent-awaited = { $kind ->
    [new-use] What was received in the earlier case was given for another use.
   *[other] The mark and the instrument do not let { $recipient } have it.
} Seek the consent of the other side in that case, naming { $recipient } as the recipient, and wait for its answer.
