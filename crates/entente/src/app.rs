//! One running node as the async world sees it: a writer thread, a pool of readers, and the one real clock.
//!
//! Owns the only calls to the clock and to the system's randomness in the house. Must not know pages, sockets or what a
//! command means.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, mpsc};
use std::thread::JoinHandle;

use domain::ids::Hash32;
use domain::instrument::Instrument;
use jiff::{SignedDuration, Timestamp};
use node::view::{FactBook, Rounds, Viewer};
use node::{Env, Node, ReportBook};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use store::{Chunks, Reader, Store};
use tokio::sync::{Semaphore, broadcast, oneshot, watch};

use crate::home::{self, HomeFault};
use crate::peer::health::Board;

/// Readers kept open. Each read is a few milliseconds of one core; more than a machine's cores gain nothing.
const READERS: usize = 4;
/// Changes a slow listener may fall behind before it is told so; it then simply looks again.
const CHANGES_KEPT: usize = 64;
/// Commands waiting for the writer. Beyond, callers wait, which is the back-pressure wanted.
const QUEUE_MAX: usize = 256;
/// How far the demo's clock may be moved in all, in seconds: ten years, the reach of the calendars several times over.
const OFFSET_S_MAX: i64 = 10 * 366 * 86_400;

/// The running node. Clones share everything.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    clerk: Arc<Clerk>,
    jobs: mpsc::SyncSender<Job>,
    writer: Mutex<Option<JoinHandle<()>>>,
    readers: Arc<Readers>,
    clock: Clock,
    chunks: Arc<dyn Chunks>,
    changes: broadcast::Sender<u64>,
    changed: AtomicU64,
    board: Board,
    facts: Arc<Mutex<FactBook>>,
    reports: Arc<Mutex<ReportBook>>,
    demo: Option<Demo>,
    folder: PathBuf,
}

/// What only the demo has.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Where the other capital's pages are.
    pub other_url: String,
}

/// What a node needs to run.
pub struct Parts {
    /// The clerk.
    pub node: Node,
    /// Its store; the writer thread takes it.
    pub store: Box<dyn Store>,
    /// Its attachments.
    pub chunks: Arc<dyn Chunks>,
    /// The clock; both nodes of a demo share one.
    pub clock: Clock,
    /// Whether this is a demo.
    pub demo: Option<Demo>,
    /// The node's folder, as a command that is run on this machine names it.
    pub folder: PathBuf,
}

/// The present: the machine's clock, and in a demo how far it has been moved. Clones move together.
#[derive(Clone)]
pub struct Clock {
    offset_s: Arc<watch::Sender<i64>>,
    /// Where the offset is kept, so that a demo's past stays its past.
    kept: Option<PathBuf>,
}

/// What the writer is asked to do; what comes back tells the caller.
type Work = Box<dyn FnOnce(&Node, &mut dyn Store) -> Told + Send>;

/// Tells the caller what was done, once the node is as the work has made it.
type Told = Box<dyn FnOnce()>;

enum Job {
    Do(Work),
    Stop,
}

/// The node, and the next one once an amendment of its instrument changes it.
struct Clerk(RwLock<Arc<Node>>);

/// Open readers, and how many may be out at once.
struct Readers {
    idle: Mutex<Vec<Box<dyn Reader + Send>>>,
    out: Semaphore,
}

impl App {
    /// Starts the writer thread and opens the readers.
    ///
    /// # Errors
    /// [`store::Fault`] when the store cannot be read; the operating system's words when it gives no thread.
    pub fn start(parts: Parts) -> Result<Self, node::Fault> {
        let Parts { node, mut store, chunks, clock, demo, folder } = parts;
        let node = node.renewed(&*store.reader()?, clock.now())?.unwrap_or(node);
        let idle = (0..READERS).map(|_| store.reader()).collect::<Result<Vec<_>, _>>()?;
        let readers = Arc::new(Readers { idle: Mutex::new(idle), out: Semaphore::new(READERS) });
        let (jobs, queue) = mpsc::sync_channel::<Job>(QUEUE_MAX);
        let named = std::thread::Builder::new().name(format!("writer-{}", node.me()));
        let board = Board::new(node.peers().keys().cloned());
        let clerk = Arc::new(Clerk(RwLock::new(Arc::new(node))));
        let (writes, watch) = (Arc::clone(&clerk), clock.clone());
        let writing = move || {
            while let Ok(Job::Do(work)) = queue.recv() {
                // Before, where a day has come; after, because the job may have brought the second signature.
                if writes.node().instruments().next_from().is_some_and(|from| from <= watch.now()) {
                    writes.renew(store.as_mut(), watch.now());
                }
                let told = work(&writes.node(), store.as_mut());
                writes.renew(store.as_mut(), watch.now());
                told();
            }
        };
        let writer = named.spawn(writing).map_err(|why| node::Fault::Setup(format!("no thread to write: {why}")))?;
        let (changes, _) = broadcast::channel(CHANGES_KEPT);
        let (writer, changed) = (Mutex::new(Some(writer)), AtomicU64::new(0));
        let (facts, reports) = (Arc::default(), Arc::default());
        Ok(Self(Arc::new(Inner {
            clerk,
            jobs,
            writer,
            readers,
            clock,
            chunks,
            changes,
            changed,
            board,
            facts,
            reports,
            demo,
            folder,
        })))
    }

    /// The command that checks this node's logs, as it runs on this machine: the folder in quotes where a shell would read more
    /// into it than a name.
    #[must_use]
    pub fn verify_command(&self) -> String {
        let folder = self.0.folder.display().to_string();
        let plain = |letter: char| letter.is_alphanumeric() || "._/-+:".contains(letter);
        let named = if folder.chars().all(plain) { folder } else { format!("'{}'", folder.replace('\'', "'\\''")) };
        format!("entente ledger verify {named}")
    }

    /// Every meeting and commitment that is open to the viewer.
    ///
    /// # Errors
    /// [`node::Fault`] when the store or a record cannot be read.
    pub async fn rounds(&self, viewer: Viewer) -> Result<Rounds, node::Fault> {
        let facts = Arc::clone(&self.0.facts);
        self.read(move |node, reader, now| {
            let mut facts = facts.lock().unwrap_or_else(PoisonError::into_inner);
            facts.refresh(node, reader)?;
            node.rounds(reader, now, &viewer, &facts)
        })
        .await
    }

    /// Computes progress reports, each once.
    ///
    /// # Errors
    /// [`node::Fault`] when the store or a record cannot be read.
    pub async fn reports<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Node, &dyn Reader, &mut ReportBook) -> Result<T, node::Fault> + Send + 'static,
    ) -> Result<T, node::Fault> {
        let reports = Arc::clone(&self.0.reports);
        self.read(move |node, reader, _| {
            // What a panic left is a list of reports, each whole.
            let mut reports = reports.lock().unwrap_or_else(PoisonError::into_inner);
            work(node, reader, &mut reports)
        })
        .await
    }

    /// Counts under the version of that hash, from the facts of every case, read anew where one has changed since.
    ///
    /// # Errors
    /// [`node::Fault`] when the store or a record cannot be read.
    pub async fn account<T: Send + 'static>(
        &self,
        under: Hash32,
        work: impl FnOnce(&Instrument, &FactBook) -> T + Send + 'static,
    ) -> Result<T, node::Fault> {
        let facts = Arc::clone(&self.0.facts);
        self.read(move |node, reader, _| {
            // A panic while it was refreshed leaves some cases older than others: the next refresh reads those again.
            let mut facts = facts.lock().unwrap_or_else(PoisonError::into_inner);
            facts.refresh(node, reader)?;
            Ok(work(node.version(&under).unwrap_or_else(|| node.instrument()), &facts))
        })
        .await
    }

    /// Runs `work` on the writer thread, alone, at the present instant; then everyone who waits for changes is woken.
    /// A panic in `work` is the caller's. Never answers once [`App::stop`] was called: the caller's task is ending.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Node, &mut dyn Store, &mut Env<'_>) -> T + Send + 'static,
    ) -> T {
        let (answer, answered) = oneshot::channel::<Result<T, Box<dyn Any + Send>>>();
        let clock = self.0.clock.clone();
        let job = Job::Do(Box::new(move |node, store| {
            let done = catch_unwind(AssertUnwindSafe(|| {
                let mut rng = randomness();
                work(node, store, &mut Env { now: clock.now(), rng: &mut rng })
            }));
            let told: Told = Box::new(move || {
                // The caller may have gone away; the work stands.
                let _gone = answer.send(done);
            });
            told
        }));
        let jobs = self.0.jobs.clone();
        // The queue is rarely full; when it is, waiting for it must not hold up other tasks.
        let queued = match jobs.try_send(job) {
            Ok(()) => true,
            Err(mpsc::TrySendError::Disconnected(_)) => false,
            Err(mpsc::TrySendError::Full(job)) => {
                tokio::task::spawn_blocking(move || jobs.send(job).is_ok()).await.unwrap_or(false)
            }
        };
        let done = if queued { answered.await.ok() } else { None };
        match done {
            Some(Ok(value)) => {
                self.announce();
                value
            }
            Some(Err(panic)) => resume_unwind(panic),
            None => std::future::pending().await,
        }
    }

    /// Runs `work` on one of the readers at the present instant. A panic in `work` is the caller's.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Node, &dyn Reader, Timestamp) -> T + Send + 'static,
    ) -> T {
        let (inner, now) = (Arc::clone(&self.0), self.now());
        let permit = self.0.readers.out.acquire().await;
        let reader = self.0.readers.take();
        let (Ok(_permit), Some(reader)) = (permit, reader) else { return std::future::pending().await };
        let reading = tokio::task::spawn_blocking(move || {
            let loan = Loan { readers: Arc::clone(&inner.readers), reader: Some(reader) };
            loan.reader.as_deref().map(|reader| work(&inner.clerk.node(), reader, now))
        });
        match reading.await {
            Ok(Some(value)) => value,
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// The clerk as it is now, for what needs no store: instrument, peers, keys.
    #[must_use]
    pub fn node(&self) -> Arc<Node> {
        self.0.clerk.node()
    }

    /// The present instant; in a demo, as far as its clock was moved.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The clock, to move it (demo) or to wait for its moves.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Where attachments are kept.
    #[must_use]
    pub fn chunks(&self) -> Arc<dyn Chunks> {
        Arc::clone(&self.0.chunks)
    }

    /// Hears of every change from now on, as a rising number. Who falls behind is told `Lagged` and looks again.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// The number of the latest change.
    #[must_use]
    pub fn change(&self) -> u64 {
        self.0.changed.load(Ordering::Relaxed)
    }

    /// Wakes everyone who waits for changes.
    pub fn announce(&self) {
        let number = self.0.changed.fetch_add(1, Ordering::Relaxed) + 1;
        // Nobody listening is no fault.
        let _nobody = self.0.changes.send(number);
    }

    /// How our connections to the other Parties fare.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.0.board
    }

    /// Whether this is a demo, where signing in is one click and the clock can be moved.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.0.demo.is_some()
    }

    /// Where the other capital's pages are, in a demo.
    #[must_use]
    pub fn other_url(&self) -> Option<String> {
        self.0.demo.as_ref().map(|demo| demo.other_url.clone())
    }

    /// Ends the writer after what is queued, and waits for it: the store is closed when this returns.
    pub async fn stop(&self) {
        let (jobs, writer) = (self.0.jobs.clone(), lock(&self.0.writer).take());
        let ending = tokio::task::spawn_blocking(move || {
            let sent = jobs.send(Job::Stop).is_ok();
            writer.map(|writer| writer.join().is_ok() && sent)
        });
        // A writer that panicked outside a job has nothing left to say here.
        let _ended = ending.await;
        lock(&self.0.readers.idle).clear();
        self.0.readers.out.close();
    }
}

impl Clock {
    /// The machine's clock as it is.
    #[must_use]
    pub fn real() -> Self {
        Self { offset_s: Arc::new(watch::Sender::new(0)), kept: None }
    }

    /// The machine's clock moved as far as the file says, which need not exist yet.
    ///
    /// # Errors
    /// [`HomeFault`] when the file is there and cannot be read.
    pub fn movable(kept: PathBuf) -> Result<Self, HomeFault> {
        let offset_s = match std::fs::read_to_string(&kept) {
            Ok(text) => text.trim().parse::<i64>().ok().filter(|s| s.unsigned_abs() <= OFFSET_S_MAX.unsigned_abs()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(0),
            Err(error) => return Err(HomeFault::io("cannot read", &kept, &error)),
        };
        let remedy = "delete it to begin at the present";
        let offset_s = offset_s.ok_or_else(|| HomeFault::new("is no number of seconds", &kept, remedy))?;
        Ok(Self { offset_s: Arc::new(watch::Sender::new(offset_s)), kept: Some(kept) })
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let offset = SignedDuration::from_secs(*self.offset_s.borrow());
        machine_now().saturating_add(offset).unwrap_or(Timestamp::MAX)
    }

    /// Moves a movable clock onwards and keeps how far; everyone who waits for its moves is woken.
    ///
    /// # Errors
    /// [`HomeFault`] when the clock is real, would go back or too far, or the disk refuses.
    pub fn advance(&self, by: SignedDuration) -> Result<(), HomeFault> {
        let Some(kept) = &self.kept else {
            return Err(HomeFault::new("the clock is real", &PathBuf::from("."), "only a demo's clock can be moved"));
        };
        let to = self.offset_s.borrow().saturating_add(by.as_secs());
        if by.is_negative() || to > OFFSET_S_MAX {
            return Err(HomeFault::new("the clock cannot be moved there", kept, "move it onwards, ten years in all"));
        }
        home::replace(kept, format!("{to}\n").as_bytes(), 0o644)?;
        self.offset_s.send_replace(to);
        Ok(())
    }

    /// Hears of every move from now on.
    #[must_use]
    pub fn moves(&self) -> watch::Receiver<i64> {
        self.offset_s.subscribe()
    }

    /// Waits until the clock shows `at` or was moved; for ever when there is nothing to wait for.
    pub fn until(&self, at: Option<Timestamp>) -> impl Future<Output = ()> + Send + use<> {
        let left = at.map(|at| at.duration_since(self.now()));
        async move {
            match left {
                // Timers are coarse: a moment later rather than many times too early.
                Some(left) => {
                    let left = std::time::Duration::try_from(left).unwrap_or_default();
                    tokio::time::sleep(left + std::time::Duration::from_millis(2)).await;
                }
                None => std::future::pending().await,
            }
        }
    }
}

/// Thirty-two bytes from the operating system, for a seed.
#[must_use]
pub fn random_bytes() -> [u8; 32] {
    let mut seed = [0; 32];
    let source = rustls::crypto::aws_lc_rs::default_provider().secure_random;
    source.fill(&mut seed).expect("the library aborts before it returns without entropy, and there is no other source");
    seed
}

/// A generator fit for keys, freshly seeded by the operating system.
#[must_use]
pub fn randomness() -> ChaCha20Rng {
    ChaCha20Rng::from_seed(random_bytes())
}

/// The machine's clock. A demo's is moved from here.
#[expect(clippy::disallowed_methods, reason = "the one door by which the present enters")]
#[must_use]
pub fn machine_now() -> Timestamp {
    Timestamp::now()
}

/// Monotonic time, to measure how long something took.
#[expect(clippy::disallowed_methods, reason = "the one door by which the present enters")]
#[must_use]
pub fn stopwatch() -> std::time::Instant {
    std::time::Instant::now()
}

/// A reader on loan: it goes back even when the work panics.
struct Loan {
    readers: Arc<Readers>,
    reader: Option<Box<dyn Reader + Send>>,
}

impl Drop for Loan {
    fn drop(&mut self) {
        lock(&self.readers.idle).extend(self.reader.take());
    }
}

impl Clerk {
    fn node(&self) -> Arc<Node> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes up an amendment that stands, or whose day has come.
    fn renew(&self, store: &mut dyn Store, now: Timestamp) {
        let reader = store.reader().map_err(node::Fault::from);
        match reader.and_then(|reader| self.node().renewed(&*reader, now)) {
            Ok(None) => {}
            Ok(Some(next)) => {
                tracing::info!(code = "instrument-amended", in_force = %next.instrument().hash());
                *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
            }
            // The node goes on under the version it has; the next job asks again.
            Err(why) => tracing::error!(code = "fault", %why, "an amendment could not be taken up"),
        }
    }
}

impl Readers {
    fn take(&self) -> Option<Box<dyn Reader + Send>> {
        lock(&self.idle).pop()
    }
}

/// A panic while a lock is held leaves plain values behind; they are still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
