package dev.roomful.internal.cluster;

import dev.roomful.cluster.LogEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a replica has to append, in the order of the submissions: each is in the log once. Used by
 * the tasks of the replica only.
 */
final class PendingSubmissions {
  /** How many submissions wait; more are given up at once. */
  private static final int MAX_WAITING = 1000;

  /** How many are on their way to the engine at a time. */
  private static final int MAX_IN_FLIGHT = 256;

  private final ClusterNode node;
  private final LogMachine machine;
  private final Deque<PendingSubmission> unsent = new ArrayDeque<>();
  private final Deque<PendingSubmission> sent = new ArrayDeque<>();

  /**
   * Earlier incarnations of this node of which entries may still come; nothing is sent meanwhile.
   */
  private final Set<String> unfenced = new LinkedHashSet<>();

  private String incarnation;
  private long attempts;

  PendingSubmissions(ClusterNode node, LogMachine machine) {
    this.node = node;
    this.machine = machine;
    this.incarnation = node.incarnation();
  }

  /** {@return the incarnation under which entries are sent} */
  String incarnation() {
    return incarnation;
  }

  /** Takes the present incarnation of the node before anything was sent. */
  void takeFirstIncarnation() {
    incarnation = node.incarnation();
  }

  int size() {
    return unsent.size() + sent.size();
  }

  /** {@return since when the oldest one waits, or a default if there is none} */
  long oldestSince(long none) {
    PendingSubmission oldest = sent.isEmpty() ? unsent.peekFirst() : sent.peekFirst();
    return oldest == null ? none : oldest.since;
  }

  boolean isFull() {
    return size() >= MAX_WAITING;
  }

  boolean hasSent() {
    return !sent.isEmpty();
  }

  void add(Submission submission) {
    unsent.add(new PendingSubmission(node.nextId(), submission, node.now(), null));
  }

  /** Moves the next one to those that are sent, or returns null if none may be sent now. */
  @Nullable PendingSubmission sendNext() {
    PendingSubmission next = unsent.peekFirst();
    if (next == null
        || sent.size() >= MAX_IN_FLIGHT
        || (!unfenced.isEmpty() && next.fenced == null)) {
      return null;
    }
    unsent.removeFirst();
    if (!incarnation.equals(next.incarnation)) {
      next.incarnation = incarnation;
      PendingSubmission before = sent.peekLast();
      next.number = 1 + (before == null ? machine.lastSequence(incarnation) : before.number);
    }
    sent.addLast(next);
    next.attempt = ++attempts;
    return next;
  }

  /** What was sent, and has no entry yet, is sent again in its order. */
  void failSent() {
    while (!sent.isEmpty()) {
      PendingSubmission pending = sent.removeLast();
      pending.attempt = 0;
      pending.token = null;
      unsent.addFirst(pending);
    }
  }

  boolean isOfThisNode(String name) {
    return name.equals(incarnation) || unfenced.contains(name);
  }

  @Nullable PendingSubmission find(long id) {
    for (PendingSubmission pending : sent) {
      if (pending.id == id) {
        return pending;
      }
    }
    for (PendingSubmission pending : unsent) {
      if (pending.id == id) {
        return pending;
      }
    }
    return null;
  }

  /**
   * An entry has come.
   *
   * @param own what was submitted here, or null
   * @param applied false if the entry counts for nothing
   */
  void applied(@Nullable PendingSubmission own, LogEntry entry, boolean applied) {
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
  }

  void giveUpOverdue(long now) {
    for (PendingSubmission pending : sent) {
      if (pending.isOverdue(now)) {
        pending.giveUp(); // it stays, because it may have been appended
      }
    }
    unsent.removeIf(
        pending -> {
          boolean overdue = pending.isOverdue(now);
          if (overdue) {
            pending.giveUp();
          }
          return overdue && !pending.isSent();
        });
  }

  void giveUpAll() {
    List<PendingSubmission> left = new ArrayList<>(sent);
    left.addAll(unsent);
    sent.clear();
    unsent.clear();
    left.forEach(PendingSubmission::giveUp);
  }

  /** The node may have another incarnation: declares the earlier one lost first. */
  void takeIncarnation() {
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
    List<PendingSubmission> fences = new ArrayList<>();
    while (!unsent.isEmpty() && unsent.getFirst().fenced != null) {
      fences.add(unsent.removeFirst());
    }
    for (String earlier : missing) {
      fences.add(
          new PendingSubmission(node.nextId(), machine.nodeLost(earlier), node.now(), earlier));
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
    for (PendingSubmission pending : unsent) {
      if (!current.equals(pending.incarnation)) {
        pending.incarnation = null;
      }
    }
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

  /** Compares what was sent with a state that was read instead of applied. */
  void settle() {
    long last = machine.lastSequence(incarnation);
    dropContained();
    for (PendingSubmission pending : unsent) {
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
}
