package dev.roomful.internal.cluster;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogPage;
import dev.roomful.cluster.LogSnapshot;
import dev.roomful.internal.delivery.SerialQueue;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * This node's copy of one log: applies its entries in their order and without gaps, and appends
 * what the node submits, in the order of the submissions and once.
 *
 * <p>States: it is <em>loading</em> until it has read the log; then it is <em>live</em>. A live
 * replica that misses entries reads them (<em>behind</em>), and sends nothing until it has. It is
 * loading again if the log has other entries than those that it has applied.
 *
 * <p>Threads: everything happens in tasks of one serial queue on the log executor; other threads
 * only add tasks.
 */
public final class LogReplica {
  /** How long a submission waits for an engine that does not answer. */
  public static final Duration MAX_WAIT = Duration.ofSeconds(2);

  /** How long a caller waits: an answer may be on its way when its submission is given up. */
  public static final Duration CALLER_WAIT = MAX_WAIT.plusSeconds(1);

  private static final int PAGE = 500;

  /** How many entries that came early are kept until the missing ones come. */
  private static final int MAX_EARLY = 1000;

  /** After how many entries a new snapshot is stored. */
  private static final int SNAPSHOT_INTERVAL = 512;

  /** How many tokens are known, to tell a log that lost entries from one that has others. */
  private static final int KNOWN_TOKENS = 256;

  /**
   * How long a node that has connected again sends nothing, so that the node whose state is the
   * most advanced restores what the engine has lost.
   */
  private static final Duration SETTLING = Duration.ofMillis(150);

  /** How often the end of the log is compared although no entry is missing. */
  private static final Duration COMPARE_INTERVAL = Duration.ofSeconds(25);

  /**
   * Half the time until it is compared after the engine was reached again; the time doubles with
   * each comparison. A node that comes back later may restore what this one does not know.
   */
  private static final Duration RECONNECTED_INTERVAL = Duration.ofMillis(250);

  private enum State {
    LOADING,
    BEHIND,
    LIVE,
    CLOSED
  }

  private final ClusterNode node;
  private final ClusterEngine engine;
  private final String log;
  private final LogMachine machine;
  private final SerialQueue queue = new SerialQueue();

  /** Completes with true when the log was read, or with false if it was closed before. */
  private final CompletableFuture<Boolean> loaded = new CompletableFuture<>();

  // Used by the tasks of the queue only.
  private State state = State.LOADING;
  private LogEnd end = LogEnd.START;
  private final PendingSubmissions submissions;
  private final TreeMap<Long, LogEntry> early = new TreeMap<>();
  private final Deque<LogEnd> known = new ArrayDeque<>();
  private long snapshotSequence;
  private boolean storingSnapshot;

  /** The read that is on its way; answers of earlier ones are ignored. */
  private long reads;

  private boolean reading;
  private boolean restoring;

  // Read by the deadline timer.
  private volatile long comparedAt;
  private volatile long compareInterval = COMPARE_INTERVAL.toNanos();

  private long settlingSince;
  private boolean settling;

  /** For {@link #waiting}. */
  private volatile int waiting;

  /** Since when the oldest submission has waited, if one does. */
  private volatile long oldestWaiting;

  /** Whether the deadline timer has something to check. */
  private volatile boolean busy = true;

  /**
   * Creates a replica, which calls the machine after {@link #start} only.
   *
   * @param node the node that it belongs to
   * @param log the name of the log
   * @param machine what the entries are applied to
   */
  public LogReplica(ClusterNode node, String log, LogMachine machine) {
    this.node = node;
    this.engine = node.engine();
    this.log = log;
    this.machine = machine;
    this.submissions = new PendingSubmissions(node, machine);
  }

  /** Follows the log from now on. Only one replica of a log may be started at a time. */
  public void start() {
    run(
        () -> {
          if (state != State.CLOSED) {
            node.add(this);
            submissions.takeFirstIncarnation(); // it may have changed before this was added
            load();
          }
        });
  }

  /** {@return the name of the log} */
  public String log() {
    return log;
  }

  /** {@return whether the log was read} */
  public boolean isLoaded() {
    return loaded.getNow(false);
  }

  /** Waits until the log was read, for at most {@link #CALLER_WAIT}; returns whether it was. */
  public boolean awaitLoaded() {
    return isLoaded() || (node.await(loaded) && isLoaded());
  }

  /** Appends something, now or when that is possible. */
  public void submit(Submission submission) {
    run(
        () -> {
          if (state == State.CLOSED || (submission.expires() && submissions.isFull())) {
            submission.givenUp();
          } else {
            submissions.add(submission);
            send();
          }
        });
  }

  /** {@return how many submissions have not been appended yet; may be read by any thread} */
  public int waiting() {
    return waiting;
  }

  /** {@return for how many nanoseconds the oldest submission has waited; by any thread} */
  long oldestWaiting(long now) {
    return waiting == 0 ? 0 : now - oldestWaiting;
  }

  /** Runs an action between two entries of the log. */
  public void run(Runnable action) {
    queue.add(
        () -> {
          action.run();
          oldestWaiting = submissions.oldestSince(oldestWaiting); // before `waiting`
          waiting = submissions.size();
          busy = state != State.LIVE || waiting > 0 || !early.isEmpty() || settling;
        });
    node.execute(queue::run);
  }

  /** Receives an entry from the engine. */
  void receive(LogEntry entry) {
    run(() -> take(entry));
  }

  /** The engine was reached again. */
  void connected() {
    run(
        () -> {
          if (state == State.LOADING) {
            load();
          } else if (state != State.CLOSED) {
            settling = true;
            settlingSince = node.now();
            compareInterval = RECONNECTED_INTERVAL.toNanos();
            submissions.failSent();
            catchUp();
          }
        });
  }

  /** Ends this replica, and gives up what was not appended. */
  public void close() {
    run(
        () -> {
          if (state != State.CLOSED) {
            state = State.CLOSED;
            node.remove(this);
            submissions.giveUpAll();
            loaded.complete(false);
          }
        });
  }

  /** Checks deadlines; called by the deadline timer. */
  void tick() {
    if (busy || node.now() - comparedAt >= compareInterval) {
      run(this::checkDeadlines);
    }
  }

  /** A node is gone. */
  void nodeLost(String lost) {
    run(
        () -> {
          if (state == State.LIVE && machine.nodes().contains(lost)) {
            submit(machine.nodeLost(lost));
          } else if (state != State.LIVE) {
            node.seen(lost); // look again when the state is known
          }
        });
  }

  /**
   * This node has another incarnation: what was sent is sent again under it, after the log says
   * that the earlier one is lost. Otherwise its entries could still be accepted too.
   */
  void incarnationChanged() {
    run(
        () -> {
          submissions.takeIncarnation();
          machine.incarnationChanged();
          if (state == State.LIVE) {
            catchUp();
          }
        });
  }

  private void checkDeadlines() {
    long now = node.now();
    submissions.giveUpOverdue(now);
    if (settling && now - settlingSince >= SETTLING.toNanos()) {
      settling = false;
      send();
    }
    boolean due = now - comparedAt >= compareInterval;
    if (state == State.LOADING && !reading) {
      load();
    } else if (state == State.BEHIND || (state == State.LIVE && (due || !early.isEmpty()))) {
      catchUp();
    }
  }

  // Reading.

  private <T> void then(CompletionStage<T> stage, BiConsumer<T, @Nullable Throwable> action) {
    var unused = stage.whenComplete((result, failure) -> run(() -> action.accept(result, failure)));
  }

  /** What a log contained when it was read. */
  private record Content(Optional<LogSnapshot> snapshot, LogPage page) {}

  /**
   * Reads the log from its newest snapshot on, in one round trip with the subscription. Entries
   * that came before the subscription and after the read are read afterwards.
   */
  private void load() {
    if (state == State.CLOSED || !node.isConnected()) {
      return;
    }
    state = State.LOADING;
    submissions.failSent();
    early.clear();
    long read = beginRead();
    then(
        engine
            .subscribe(log)
            .thenCombine(engine.snapshot(log), (subscribed, snapshot) -> snapshot)
            .thenCombine(engine.read(log, 0, PAGE), Content::new),
        (content, failure) -> {
          if (read == reads && state == State.LOADING) {
            reading = false;
            if (failure == null) {
              restore(content.snapshot());
              take(content.page());
              if (state == State.LIVE && !submissions.hasSent()) {
                readOn(); // otherwise what was sent shows whether an entry is missing
              }
            }
          }
        });
  }

  private long beginRead() {
    reading = true;
    return ++reads;
  }

  private void restore(Optional<LogSnapshot> snapshot) {
    machine.beginRestore(snapshot.map(LogSnapshot::data).orElse(null));
    restoring = true;
    end = snapshot.map(LogSnapshot::end).orElse(LogEnd.START);
    snapshotSequence = end.sequence();
    known.clear();
    remember(end);
  }

  /** Reads the entries that are missing. */
  private void catchUp() {
    if (state == State.CLOSED || reading || !node.isConnected()) {
      return;
    }
    state = state == State.LIVE ? State.BEHIND : state;
    readOn();
  }

  private void readOn() {
    long from = end.sequence();
    long read = beginRead();
    then(
        engine.read(log, end.sequence(), PAGE),
        (page, failure) -> {
          if (read == reads && state != State.CLOSED) {
            reading = false;
            if (failure == null && isOvertaken(page, from)) {
              catchUp();
            } else if (failure == null) {
              take(page);
            }
          }
        });
  }

  /** Whether entries have come meanwhile that a page from a sequence on does not have yet. */
  private boolean isOvertaken(LogPage page, long from) {
    long sequence = page.end().sequence();
    return sequence >= from && sequence < end.sequence();
  }

  private void take(LogPage page) {
    if (page.end().sequence() < end.sequence()
        || (page.end().sequence() == end.sequence() && !page.end().equals(end))) {
      rewound(page.end());
      return;
    }
    for (LogEntry entry : page.entries()) {
      if (entry.sequence() > end.sequence() && !applyNext(entry)) {
        load(); // it has other entries than those that were applied, or not all of them any more
        return;
      }
    }
    if (page.end().sequence() <= end.sequence()) {
      caughtUp();
    } else if (page.entries().isEmpty()) {
      load();
    } else {
      catchUp();
    }
  }

  private void caughtUp() {
    comparedAt = node.now();
    compareInterval = Math.min(2 * compareInterval, COMPARE_INTERVAL.toNanos());
    state = State.LIVE;
    if (restoring) {
      restoring = false;
      if (machine.isLost(submissions.incarnation())) {
        node.lost(submissions.incarnation()); // the entry that says so was not applied here
      }
      submissions.settle();
      machine.endRestore();
    }
    applyEarly();
    loaded.complete(true);
    send();
  }

  /** The log has lost entries that were applied here. */
  private void rewound(LogEnd logEnd) {
    if (restoring || !isKnown(logEnd)) {
      load(); // and it has got others in their place
      return;
    }
    long read = beginRead();
    then(
        engine.replace(log, logEnd, new LogSnapshot(end, machine.snapshot())),
        (replaced, failure) -> {
          if (read == reads && state != State.CLOSED) {
            reading = false;
            catchUp();
          }
        });
  }

  private void remember(LogEnd applied) {
    known.addLast(applied);
    if (known.size() > KNOWN_TOKENS) {
      known.removeFirst();
    }
  }

  /** Whether the log has ended so when it was applied here; older ends than known ones count. */
  private boolean isKnown(LogEnd logEnd) {
    LogEnd oldest = known.peekFirst();
    return logEnd.sequence() == 0
        || (oldest != null && logEnd.sequence() < oldest.sequence())
        || known.contains(logEnd);
  }

  // Applying.

  private void take(LogEntry entry) {
    if (state == State.CLOSED || state == State.LOADING) {
      return; // it is read
    }
    if (entry.sequence() <= end.sequence()) {
      if (entry.sequence() == end.sequence() && !entry.end().equals(end)) {
        catchUp();
      }
    } else if (state == State.LIVE && entry.sequence() == end.sequence() + 1) {
      if (applyNext(entry)) {
        applyEarly();
        send();
      } else {
        catchUp();
      }
    } else if (early.size() < MAX_EARLY) {
      early.put(entry.sequence(), entry); // the missing ones come, or the deadline timer reads them
    }
  }

  private void applyEarly() {
    while (state == State.LIVE && !early.isEmpty()) {
      LogEntry first = early.firstEntry().getValue();
      if (first.sequence() > end.sequence() + 1) {
        return;
      }
      early.pollFirstEntry();
      if (first.sequence() == end.sequence() + 1 && !applyNext(first)) {
        catchUp();
      }
    }
  }

  /** Applies an entry that follows; returns false if it does not. */
  private boolean applyNext(LogEntry entry) {
    if (entry.sequence() != end.sequence() + 1 || !entry.previousToken().equals(end.token())) {
      return false;
    }
    end = entry.end();
    remember(end);
    ByteBuffer data = ByteBuffer.wrap(entry.data());
    long id = data.getLong();
    byte[] content = new byte[data.remaining()];
    data.get(content);
    boolean mine = submissions.isOfThisNode(entry.node());
    PendingSubmission own = mine ? submissions.find(id) : null;
    boolean applied =
        machine.apply(entry, content, own == null || own.givenUp ? null : own.submission);
    submissions.applied(own, entry, applied);
    storeSnapshotIfDue(mine);
    return true;
  }

  /** One node stores it, the one whose entry made it due; the others do if that node is gone. */
  private void storeSnapshotIfDue(boolean mine) {
    long entries = end.sequence() - snapshotSequence;
    if (!storingSnapshot
        && !restoring
        && machine.isComplete()
        && entries >= (mine ? SNAPSHOT_INTERVAL : 2 * SNAPSHOT_INTERVAL)) {
      storeSnapshot();
    }
  }

  private void storeSnapshot() {
    LogEnd snapshotEnd = end;
    storingSnapshot = true;
    then(
        engine.storeSnapshot(log, new LogSnapshot(snapshotEnd, machine.snapshot())),
        (stored, failure) -> {
          storingSnapshot = false;
          if (failure == null) {
            snapshotSequence = snapshotEnd.sequence(); // if not stored, a later one is
          }
        });
  }

  // Sending.

  private void send() {
    submissions.takeIncarnation();
    while (state == State.LIVE && !settling && node.isConnected()) {
      PendingSubmission next = submissions.sendNext();
      if (next == null) {
        return;
      }
      long attempt = next.attempt;
      then(
          engine.append(log, end, submissions.incarnation(), next.number, next.data()),
          (entry, failure) -> {
            if (failure == null) {
              if (next.attempt == attempt) {
                next.token = entry.token();
                if (entry.sequence() <= end.sequence()) {
                  submissions.failSent(); // it was applied and ignored
                }
              }
              take(entry);
              send();
            } else if (next.attempt == attempt && state != State.CLOSED) {
              submissions.failSent();
              catchUp();
            }
          });
    }
  }
}
