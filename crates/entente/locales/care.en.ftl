# The care for what was handed over: how long it is kept, what is erased, taken back or put right.

care-erased = Content erased
care-erased-on = Content erased on { $day }
care-erased-case = The time to keep the content of this case is over. It was erased here; what was done, when and by whom, and its proof in the log, stay.
care-kept-until = Its content is kept here until { $day }, then erased.
