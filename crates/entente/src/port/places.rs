//! Who is connected, and who must go when somebody new comes: the connection without a call that has waited longest.
//!
//! Owns the counts in all and by address. Thereby a thousand connections that say nothing, or a head that never ends,
//! keep nobody out: they give way. Only calls under way hold their place, and those have limits of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::Body;
use hyper::body::{Bytes, Frame, SizeHint};
use tokio::sync::oneshot;

use crate::peer::queue::origin;

/// The places of one port. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Places {
    open: Arc<Mutex<Open>>,
    all_max: usize,
    an_address_max: usize,
}

/// A connection's place; dropping it frees it.
#[derive(Debug)]
pub(super) struct Place {
    places: Places,
    number: u64,
}

/// Ends when the place is given to somebody else.
#[derive(Debug)]
pub(super) struct Until(oneshot::Receiver<()>);

/// A call under way; dropping it leaves the connection idle.
#[derive(Debug)]
pub(super) struct UnderWay(Arc<Place>);

/// The body of an answer: its call is under way until it has been sent.
#[derive(Debug)]
pub(super) struct Answered {
    body: Body,
    _under_way: UnderWay,
}

#[derive(Debug, Default)]
struct Open {
    /// Counts up: numbers places, and says who became idle first.
    turn: u64,
    connections: BTreeMap<u64, Connection>,
    /// Idle connections, longest first: since which turn, and which.
    idle: BTreeSet<(u64, u64)>,
    by_address: BTreeMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Connection {
    from: IpAddr,
    /// Since which turn it has been idle; `None` while a call is under way.
    idle_since: Option<u64>,
    /// Tells the connection that its place is gone.
    _until: oneshot::Sender<()>,
}

impl Places {
    pub(super) fn new(all_max: usize, an_address_max: usize) -> Self {
        Self { open: Arc::default(), all_max, an_address_max }
    }

    /// A place for a connection from this address; `None` when all it could have are taken by calls under way.
    pub(super) fn take(&self, from: IpAddr) -> Option<(Place, Until)> {
        let from = origin(from);
        let mut open = self.lock();
        if open.by_address.get(&from).copied().unwrap_or_default() >= self.an_address_max {
            open.give_away(Some(from))?;
        } else if open.connections.len() >= self.all_max {
            open.give_away(None)?;
        }
        let number = open.next_turn();
        let (sender, until) = oneshot::channel();
        open.connections.insert(number, Connection { from, idle_since: Some(number), _until: sender });
        open.idle.insert((number, number));
        *open.by_address.entry(from).or_default() += 1;
        Some((Place { places: self.clone(), number }, Until(until)))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn next_turn(&mut self) -> u64 {
        self.turn += 1;
        self.turn
    }

    /// Takes its place from the connection that has been idle longest, of all or of one address.
    fn give_away(&mut self, of: Option<IpAddr>) -> Option<()> {
        let is_of = |number: &u64| {
            of.is_none_or(|of| self.connections.get(number).is_some_and(|connection| connection.from == of))
        };
        let number = self.idle.iter().map(|(_, number)| *number).find(is_of)?;
        self.remove(number);
        Some(())
    }

    fn remove(&mut self, number: u64) {
        let Some(Connection { from, idle_since, _until }) = self.connections.remove(&number) else { return };
        if let Some(since) = idle_since {
            self.idle.remove(&(since, number));
        }
        if let Some(count) = self.by_address.get_mut(&from) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&from);
            }
        }
    }

    fn mark(&mut self, number: u64, idle_since: Option<u64>) {
        let Some(connection) = self.connections.get_mut(&number) else { return };
        if let Some(before) = std::mem::replace(&mut connection.idle_since, idle_since) {
            self.idle.remove(&(before, number));
        }
        if let Some(since) = idle_since {
            self.idle.insert((since, number));
        }
    }
}

impl Place {
    /// Marks a call as under way.
    pub(super) fn call(place: &Arc<Self>) -> UnderWay {
        place.places.lock().mark(place.number, None);
        UnderWay(Arc::clone(place))
    }

    /// Whether a call came before the place was given away: who has one keeps the connection until it is answered.
    pub(super) fn has_call(self: &Arc<Self>) -> bool {
        // One is the connection's own; each call has another.
        Arc::strong_count(self) > 1
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().remove(self.number);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut open = self.0.places.lock();
        let since = open.next_turn();
        open.mark(self.0.number, Some(since));
    }
}

impl Until {
    /// Waits until the place is given away.
    pub(super) async fn given_away(self) {
        let _gone = self.0.await;
    }
}

impl UnderWay {
    /// The answer's body.
    pub(super) fn with(self, body: Body) -> Answered {
        Answered { body, _under_way: self }
    }
}

impl hyper::body::Body for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Connects from each address in turn with one call under way where said so; who is still connected at the end?
    fn check(comers: &[(&str, bool)], wanted: &[bool]) {
        let places = Places::new(4, 2);
        let mut held = Vec::new();
        for (from, calls) in comers {
            let taken = places.take(from.parse().expect("an address"));
            held.push(taken.map(|(place, until)| {
                let place = Arc::new(place);
                let call = calls.then(|| Place::call(&place));
                (place, call, until)
            }));
        }
        let here = |place: &Place| places.lock().connections.contains_key(&place.number);
        let still: Vec<bool> = held.iter().map(|held| held.as_ref().is_some_and(|(place, ..)| here(place))).collect();
        assert_eq!(still, wanted, "{comers:?}");
        drop(held);
        let open = places.lock();
        assert!(open.connections.is_empty() && open.idle.is_empty() && open.by_address.is_empty(), "{open:?}");
    }

    #[test]
    fn the_longest_idle_gives_way() {
        let (idle, busy) = (false, true);
        check(&[("10.0.0.1", idle), ("10.0.0.1", idle)], &[true, true]);
        // An address has two.
        check(&[("10.0.0.1", idle), ("10.0.0.1", idle), ("10.0.0.1", idle)], &[false, true, true]);
        check(&[("10.0.0.1", busy), ("10.0.0.1", idle), ("10.0.0.1", idle)], &[true, false, true]);
        check(&[("10.0.0.1", busy), ("10.0.0.1", busy), ("10.0.0.1", idle)], &[true, true, false]);
        // What is whose in IPv6 is a /64.
        check(&[("2001:db8::1", busy), ("2001:db8::2", busy), ("2001:db8::3", idle)], &[true, true, false]);
        // All together have four.
        let all = |third: bool, fifth: &'static str| {
            [("10.0.0.1", busy), ("10.0.0.2", busy), ("10.0.0.3", third), ("10.0.0.4", busy), (fifth, idle)]
        };
        check(&all(idle, "10.0.0.5"), &[true, true, false, true, true]);
        check(&all(busy, "10.0.0.5"), &[true, true, true, true, false]);
    }

    #[test]
    fn whoever_was_answered_waits_anew() {
        let places = Places::new(2, 2);
        let from = "10.0.0.1".parse().expect("an address");
        let [(first, _), (second, _)] = [(); 2].map(|()| places.take(from).expect("a place"));
        let first = Arc::new(first);
        drop(Place::call(&first));
        let third = places.take(from);
        let here = |place: &Place| places.lock().connections.contains_key(&place.number);
        assert_eq!((here(&first), here(&second), third.is_some()), (true, false, true));
    }
}
