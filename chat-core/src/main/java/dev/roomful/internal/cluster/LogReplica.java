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
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /** How many submissions wait; more are given up at once. */
  static final int MAX_WAITING = 1000;

  /** How many are on their way to the engine at a time. */
  private static final int MAX_IN_FLIGHT = 256;

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

  private enum State {
    LOADING,
    BEHIND,
    LIVE,
    CLOSED
  }

  /** One submission, from its arrival to its entry. */
  private static final class Pending {
    final long id;
    final Submission submission;
    final long since;

    /** Which attempt is on its way; its answer is ignored after a later one was begun. */
    long attempt;

    boolean givenUp;

    /** The token of the entry of that attempt, once it is known. */
    @Nullable String token;

    /**
     * The incarnation and the number under which it was sent, null if it was not. Both remain until
     * it is certain that no entry with them can come any more: a request of a broken connection may
     * take effect late, and a number that was given to something else would let it in twice.
     */
    @Nullable String incarnation;

    long number;

    /** The earlier incarnation of this node that it declares lost, null for a submission. */
    final @Nullable String fenced;

    Pending(long id, Submission submission, long since, @Nullable String fenced) {
      this.id = id;
      this.submission = submission;
      this.since = since;
      this.fenced = fenced;
    }

    /** {@return what is sent; nothing in place of what was given up, whose number is needed} */
    byte[] content() {
      return givenUp ? new byte[0] : submission.content();
    }

    boolean isSent() {
      return incarnation != null;
    }

    void giveUp() {
      if (!givenUp) {
        givenUp = true;
        submission.givenUp();
      }
    }
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
  private final Deque<Pending> unsent = new ArrayDeque<>();
  private final Deque<Pending> sent = new ArrayDeque<>();

  /**
   * Earlier incarnations of this node of which entries may still come; nothing is sent meanwhile.
   */
  private final Set<String> unfenced = new LinkedHashSet<>();

  private final TreeMap<Long, LogEntry> early = new TreeMap<>();
  private final Deque<LogEnd> known = new ArrayDeque<>();
  private String incarnation;
  private long snapshotSequence;
  private boolean storingSnapshot;
  private long attempts;

  /** The read that is on its way; answers of earlier ones are ignored. */
  private long reads;

  private boolean reading;
  private boolean restoring;
  private volatile long comparedAt; // read by the deadline timer
  private long settlingSince;
  private boolean settling;

  /** For {@link #waiting}. */
  private volatile int waiting;

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
    this.incarnation = node.incarnation();
    this.machine = machine;
  }

  /** Follows the log from now on. Only one replica of a log may be started at a time. */
  public void start() {
    run(
        () -> {
          if (state != State.CLOSED) {
            node.add(this);
            incarnation = node.incarnation(); // it may have changed before this was added
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
          Pending pending = new Pending(node.nextId(), submission, node.now(), null);
          if (state == State.CLOSED || (submission.expires() && isFull())) {
            pending.giveUp();
          } else {
            unsent.add(pending);
            send();
          }
        });
  }

  /** {@return how many submissions have not been appended yet; may be read by any thread} */
  public int waiting() {
    return waiting;
  }

  private boolean isFull() {
    return unsent.size() + sent.size() >= MAX_WAITING;
  }

  /** Runs an action between two entries of the log. */
  public void run(Runnable action) {
    queue.add(
        () -> {
          action.run();
          waiting = sent.size() + unsent.size();
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
            failSent();
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
            List<Pending> left = new ArrayList<>(sent);
            left.addAll(unsent);
            sent.clear();
            unsent.clear();
            left.forEach(Pending::giveUp);
            loaded.complete(false);
          }
        });
  }

  /** Checks deadlines; called by the deadline timer. */
  void tick() {
    if (busy || node.now() - comparedAt >= COMPARE_INTERVAL.toNanos()) {
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
          takeIncarnation();
          machine.incarnationChanged();
          if (state == State.LIVE) {
            catchUp();
          }
        });
  }

  private void takeIncarnation() {
    String current = node.incarnation();
    if (!current.equals(incarnation)) {
      failSent();
      unfenced.add(incarnation);
      incarnation = current;
      fence();
    }
  }

  /** Puts what declares earlier incarnations lost before everything else. */
  private void fence() {
    unfenced.removeIf(machine::isLost);
    unsent.removeIf(pending -> pending.fenced != null && !incarnation.equals(pending.incarnation));
    if (unfenced.isEmpty()) {
      forgetEarlierIncarnations();
    }
    Set<String> missing = new LinkedHashSet<>(unfenced);
    unsent.forEach(pending -> missing.remove(pending.fenced));
    List<Pending> fences = new ArrayList<>();
    while (!unsent.isEmpty() && unsent.getFirst().fenced != null) {
      fences.add(unsent.removeFirst());
    }
    for (String earlier : missing) {
      fences.add(new Pending(node.nextId(), machine.nodeLost(earlier), node.now(), earlier));
    }
    Collections.reverse(fences);
    fences.forEach(unsent::addFirst);
  }

  /** Nothing comes any more of what earlier incarnations have sent. */
  private void forgetEarlierIncarnations() {
    dropContained();
    String current = incarnation;
    unsent.removeIf(
        pending -> pending.isSent() && pending.givenUp && !current.equals(pending.incarnation));
    for (Pending pending : unsent) {
      if (!current.equals(pending.incarnation)) {
        pending.incarnation = null;
      }
    }
  }

  private void checkDeadlines() {
    long now = node.now();
    for (Pending pending : sent) {
      if (isOverdue(pending, now)) {
        pending.giveUp(); // it stays, because it may have been appended
      }
    }
    unsent.removeIf(
        pending -> {
          boolean overdue = isOverdue(pending, now);
          if (overdue) {
            pending.giveUp();
          }
          return overdue && !pending.isSent();
        });
    if (settling && now - settlingSince >= SETTLING.toNanos()) {
      settling = false;
      send();
    }
    boolean idle = now - comparedAt >= COMPARE_INTERVAL.toNanos();
    if (state == State.LOADING && !reading) {
      load();
    } else if (state == State.BEHIND || (state == State.LIVE && (idle || !early.isEmpty()))) {
      catchUp();
    }
  }

  private static boolean isOverdue(Pending pending, long now) {
    return pending.submission.expires() && now - pending.since >= MAX_WAIT.toNanos();
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
    failSent();
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
              if (state == State.LIVE && sent.isEmpty()) {
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
    state = State.LIVE;
    if (restoring) {
      restoring = false;
      settleSent();
      machine.endRestore();
    }
    applyEarly();
    loaded.complete(true);
    send();
  }

  /** Drops what the state contains although its entry was not applied, but read with a snapshot. */
  private void dropContained() {
    unsent.removeIf(
        pending -> {
          String sender = pending.incarnation;
          boolean contained = sender != null && pending.number <= machine.lastSequence(sender);
          if (contained) {
            pending.giveUp(); // its outcome is not known
          }
          return contained;
        });
  }

  /** Compares what was sent with the state that was read instead of applied. */
  private void settleSent() {
    if (machine.isLost(incarnation)) {
      node.lost(incarnation); // the entry that says so was not applied here
    }
    long last = machine.lastSequence(incarnation);
    dropContained();
    for (Pending pending : unsent) {
      if (pending.isSent() && incarnation.equals(pending.incarnation)) {
        if (pending.number > last + 1) {
          unsent.forEach(lost -> lost.incarnation = null); // the engine has lost what was between
        }
        break;
      }
    }
    unsent.removeIf(pending -> pending.givenUp && !pending.isSent());
    fence();
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
    boolean mine = entry.node().equals(incarnation) || unfenced.contains(entry.node());
    Pending own = mine ? findPending(id) : null;
    boolean applied =
        machine.apply(entry, content, own == null || own.givenUp ? null : own.submission);
    if (own != null && applied) {
      own.attempt = 0;
      sent.remove(own);
      unsent.remove(own);
    } else if (own != null && entry.token().equals(own.token)) {
      failSent(); // an earlier entry of this node is missing: all are sent again in order
    }
    if (!unfenced.isEmpty() && unfenced.removeIf(machine::isLost) && unfenced.isEmpty()) {
      forgetEarlierIncarnations();
    }
    storeSnapshotIfDue(mine);
    return true;
  }

  private @Nullable Pending findPending(long id) {
    for (Pending pending : sent) {
      if (pending.id == id) {
        return pending;
      }
    }
    for (Pending pending : unsent) {
      if (pending.id == id) {
        return pending;
      }
    }
    return null;
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

  /** What was sent, and has no entry yet, is sent again in its order. */
  private void failSent() {
    while (!sent.isEmpty()) {
      Pending pending = sent.removeLast();
      pending.attempt = 0;
      pending.token = null;
      unsent.addFirst(pending);
    }
  }

  private void send() {
    takeIncarnation();
    while (state == State.LIVE
        && !settling
        && node.isConnected()
        && !unsent.isEmpty()
        && (unfenced.isEmpty() || unsent.getFirst().fenced != null)
        && sent.size() < MAX_IN_FLIGHT) {
      Pending pending = unsent.removeFirst();
      if (!incarnation.equals(pending.incarnation)) {
        pending.incarnation = incarnation;
        Pending before = sent.peekLast();
        pending.number = 1 + (before == null ? machine.lastSequence(incarnation) : before.number);
      }
      sent.addLast(pending);
      long attempt = ++attempts;
      pending.attempt = attempt;
      byte[] content = pending.content();
      byte[] data =
          ByteBuffer.allocate(Long.BYTES + content.length).putLong(pending.id).put(content).array();
      then(
          engine.append(log, end, incarnation, pending.number, data),
          (entry, failure) -> {
            if (failure == null) {
              if (pending.attempt == attempt) {
                pending.token = entry.token();
                if (entry.sequence() <= end.sequence()) {
                  failSent(); // it was applied and ignored
                }
              }
              take(entry);
              send();
            } else if (pending.attempt == attempt && state != State.CLOSED) {
              failSent();
              catchUp();
            }
          });
    }
  }
}
