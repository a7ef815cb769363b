package dev.roomful.internal.cluster;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One submission of a replica, from its arrival to its entry. */
final class PendingSubmission {
  final long id;
  final Submission submission;

  /** The earlier incarnation of this node that it declares lost, null for others. */
  final @Nullable String fenced;

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

  PendingSubmission(long id, Submission submission, long since, @Nullable String fenced) {
    this.id = id;
    this.submission = submission;
    this.since = since;
    this.fenced = fenced;
  }

  /**
   * {@return what is sent: its id, and its content unless it was given up: its number is needed}
   */
  byte[] data() {
    byte[] content = givenUp ? new byte[0] : submission.content();
    return ByteBuffer.allocate(Long.BYTES + content.length).putLong(id).put(content).array();
  }

  boolean isSent() {
    return incarnation != null;
  }

  boolean isOverdue(long now) {
    return submission.expires() && now - since >= LogReplica.MAX_WAIT.toNanos();
  }

  void giveUp() {
    if (!givenUp) {
      givenUp = true;
      submission.givenUp();
    }
  }
}
