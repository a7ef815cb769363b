package dev.roomful.internal.session;

import dev.roomful.Outcome;
import dev.roomful.Overflow;
import dev.roomful.internal.delivery.Outbox;
import dev.roomful.internal.state.Rejections;
import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * What is sent to one client alone: on this connection, on the one that resumed it, or when a later
 * one resumes it. Frames are kept while the session is not in its room yet, while it takes the
 * place of others, and while it is suspended. Created for one use, since it has no state.
 */
final class DirectMessages {
  private final Session session;
  private final Resumption resumption;
  private final Outbox outbox;

  DirectMessages(Session session) {
    this.session = session;
    this.resumption = session.resumption;
    this.outbox = session.outbox;
  }

  /** Sends a frame to the newest session of the client. */
  Outcome deliver(Frame frame) {
    return session.latest().directMessages().deliverHere(frame);
  }

  private Outcome deliverHere(Frame frame) {
    Session other;
    boolean mailboxFull = false;
    boolean fits = false;
    synchronized (session) {
      other = resumption.redirect();
      if (other == null && resumption.keepsFrames()) {
        if (resumption.keep(frame)) {
          return Outcome.done();
        }
        mailboxFull = true;
      } else if (other == null && session.acceptsOutput()) {
        // With the monitor held: a close in between would drop the frame unnoticed.
        fits = offer(frame);
      } else if (other == null) {
        return Rejections.gone();
      }
    }
    if (other != null) {
      return other.directMessages().deliver(frame); // it took the place of this one just now
    }
    if (mailboxFull) {
      // The client cannot be given all that it missed: its suspension ends.
      session.mailboxFull();
      return Rejections.gone();
    }
    if (!fits) {
      session.closeTooSlow();
      return deliver(frame); // into the mailbox, if the client can resume
    }
    outbox.wake();
    return Outcome.done();
  }

  /** Queues a frame; it outlives the connection if the client can resume. */
  private boolean offer(Frame frame) {
    return resumption.secret() == null
        ? outbox.offer(frame, Overflow.DISCONNECT)
        : outbox.offerPersonal(frame);
  }

  /**
   * Queues what was not sent before, what the predecessors have not sent, and then what was sent
   * since.
   */
  void queueUnsent(List<Frame> earlier, List<Session> predecessors) {
    List<Frame> unsent = new ArrayList<>(earlier);
    int queued = 0;
    synchronized (session) {
      predecessors.forEach(old -> unsent.addAll(old.directMessages().takeUnsent()));
      if (!session.isClosed()) {
        unsent.addAll(resumption.takeFrames());
        while (queued < unsent.size() && offer(unsent.get(queued))) {
          queued++;
        }
      }
    }
    List<Frame> left = unsent.subList(queued, unsent.size());
    if (!left.isEmpty()) {
      session.closeTooSlow();
      left.forEach(this::deliver); // into the mailbox
    }
    outbox.wake();
  }

  /** Keeps what was not written for a later session; called with the session's monitor held. */
  void keepUnsent() {
    List<Frame> later = resumption.takeFrames(); // of a resumption that was not complete
    resumption.keepFrames();
    outbox.takeUnsent().forEach(resumption::keep);
    later.forEach(resumption::keep);
  }

  /** {@return what was not written, once} */
  List<Frame> takeUnsent() {
    synchronized (session) {
      List<Frame> unsent = new ArrayList<>(outbox.takeUnsent());
      unsent.addAll(resumption.takeFrames());
      return unsent;
    }
  }

  /** Passes what was kept to another session. */
  void passTo(Session other) {
    List<Frame> frames;
    synchronized (session) {
      frames = resumption.takeFrames();
    }
    frames.forEach(frame -> other.directMessages().deliver(frame));
  }
}
