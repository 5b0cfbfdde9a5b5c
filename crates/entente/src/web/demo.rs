//! The demo's clock: both capitals move together, onwards only.
//!
//! Owns the three steps of the strip at the top of every page. Must not exist outside a demo.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::calendar::Calendar;
use jiff::{SignedDuration, Timestamp};

use super::{Posted, Signed, Stop, session};
use crate::app::App;

/// Moves the clock by an hour, to the same time on our next working day, or by a week.
pub async fn clock(Signed { page, .. }: Signed, State(app): State<App>, posted: Posted) -> Result<Response, Stop> {
    if !app.is_demo() {
        return Err(Stop::NotFound);
    }
    let by = match posted.get("by") {
        "hour" => SignedDuration::from_hours(1),
        "working-day" => to_next_working_day(page.node().calendar(), page.now),
        "week" => SignedDuration::from_hours(7 * 24),
        _ => return Err(Stop::Malformed),
    };
    let moved = {
        let app = app.clone();
        tokio::task::spawn_blocking(move || app.clock().advance(by)).await
    };
    if !matches!(moved, Ok(Ok(()))) {
        return Err(Stop::Malformed);
    }
    app.announce();
    Ok(Redirect::to(&session::own_path(posted.get("next"))).into_response())
}

/// How long it is until the same time of day on the next working day.
fn to_next_working_day(calendar: &Calendar, now: Timestamp) -> SignedDuration {
    let local = calendar.local(now);
    let (next, _) = calendar.add_working_days(local.date(), 1);
    calendar.instant(next, local.time()).duration_since(now)
}
