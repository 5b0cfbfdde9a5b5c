# The care for what was handed over: how long it is kept, what is erased, taken back or put right.

care-content-erased = Content erased
care-erased-on = Content erased on { $day }
care-erased-case = The time to keep the content of this case is over. It was erased here; what was done, when and by whom, and its proof in the log, stay.
care-kept-until = Its content is kept here until { $day }, then erased.
care-reached = Were the copies of { $recipient } reached?
care-recalled = Recalled by its author: not to be held or used.
care-corrected = Corrected by its author: to be read as corrected.
refusal-recipient-not-reached = The report says that every copy was reached: it must say so of { $recipient } too, or say that not every copy was.
