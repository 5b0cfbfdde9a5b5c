# The programs' interface (/api/v1): why a call was not carried out.

api-not-found = There is no such thing here, or not for this officer.
api-method-not-allowed = This cannot be done at this address. The description at /api/v1/openapi.json lists what can.
api-unauthorized = Nobody is known by this token. Send `Authorization: Bearer` and a token of an officer of this node.
api-not-your-office = Another office has this matter. An officer of that office must do it.
api-not-your-role = The officer has no role in which this may be done.
api-malformed = What was sent cannot be read. `detail` says where.
api-too-large = What was sent is larger than its limit. Send files as attachments.
api-not-json = JSON is wanted. Send `Content-Type: application/json`.
api-too-many-calls = Too many calls of this officer are under way. Wait for one to end, then call again.
api-use-drafts = A request is submitted from a draft. Begin one at /api/v1/drafts.
api-unknown-attachment = An attachment is named that was not staged for this case. Stage it first and name it by its root.
api-not-here-yet = The file has not come whole yet. Try again in a while.
api-key-reused = The idempotency key was used for another call. Choose a new one for each.
api-bad-key = An idempotency key has 1 to 128 plain characters.
api-machine-only = The node does this by itself when its time has come.
api-busy = Somebody else was changing the same thing. Try again in a moment.
